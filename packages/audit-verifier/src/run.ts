import type { NamedCheckpoint } from './checkpoint-map.ts';
import { type Command, parseCommand, USAGE, UsageError } from './command-line.ts';
import { describeRead, describeRecord } from './describe-record.ts';
import { readInput, readKept, writeKept } from './files.ts';
import { readCpf } from './person-input.ts';
import { publishedLog } from './published-log.ts';
import { openCheckpoint, type TrustedCheckpoint, type TrustedKeys } from './trusted-checkpoint.ts';
import { VerificationError } from './verification-error.ts';
import { verifyContinues, verifyRoot } from './verify-log.ts';
import { readsOf, verifyPerson } from './verify-person.ts';
import { verifyAnswer } from './verify-records.ts';
import { verifyWholeLog } from './verify-whole-log.ts';

type CommandOf<Name extends Command['name']> = Extract<Command, { readonly name: Name }>;

interface Outcome {
  readonly exitCode: 0 | 1 | 2;
  /** One sentence, after which each proven record has its line; or the usage. */
  readonly text: string;
}

/**
 * Runs the command. It never throws for what a user or a log did wrong.
 *
 * @param input has the CPF of `--cpf -`
 */
export async function run(args: readonly string[], input: NodeJS.ReadableStream = process.stdin): Promise<Outcome> {
  try {
    return { exitCode: 0, text: await outcomeOf(parseCommand(args), input) };
  } catch (error) {
    if (error instanceof UsageError) return { exitCode: 2, text: `${error.message}\n\n${USAGE}` };
    if (error instanceof VerificationError) return { exitCode: 1, text: `${error.message}\n` };
    throw error;
  }
}

async function outcomeOf(command: Command, input: NodeJS.ReadableStream): Promise<string> {
  switch (command.name) {
    case 'help':
      return USAGE;
    case 'checkpoint':
      return verifyPresent(command);
    case 'continues':
      return verifyTwo(command);
    case 'proof':
      return verifyProofs(command, input);
    case 'person':
      return verifyReads(command, input);
  }
}

const PRESENT = 'the present checkpoint';
const KEPT = 'the checkpoint kept from before';

async function verifyPresent({ keys, log: url, since, keep, isWhole }: CommandOf<'checkpoint'>): Promise<string> {
  const log = publishedLog(url);
  const present = openCheckpoint(await log.checkpoint(), keys, PRESENT);
  await verifyRoot(present, log);
  const kept = since === undefined ? undefined : await readKept(since, keys, KEPT);
  if (kept) await verifyContinues([KEPT, kept], [PRESENT, present], log);
  if (isWhole) await verifyWholeLog(present, log);
  if (keep !== undefined) await writeKept(keep, present.note);
  const continued = kept ? ` and continues the ${kept.size} places kept from before` : '';
  const whole = isWhole ? ', and all its entries and tiles are right' : '';
  return `The present checkpoint of ${present.size} places is signed by ${signersOf(present)}${continued}${whole}.\n`;
}

async function verifyTwo({ keys, log: url, files: [older, newer] }: CommandOf<'continues'>): Promise<string> {
  const log = publishedLog(url);
  const oldCheckpoint = await readKept(older, keys, older);
  const newCheckpoint = openCheckpoint(await readInput(newer), keys, newer);
  await verifyRoot(newCheckpoint, log);
  await verifyContinues([older, oldCheckpoint], [newer, newCheckpoint], log);
  return `${newer} of ${newCheckpoint.size} places continues ${older} of ${oldCheckpoint.size}.\n`;
}

async function verifyProofs(command: CommandOf<'proof'>, input: NodeJS.ReadableStream): Promise<string> {
  const { keys, log, file, interaction, hasCpf } = command;
  const cpf = hasCpf ? await readCpf(input) : undefined;
  const { records, withoutProof, checkpoints } = verifyAnswer(
    (await readInput(file)).toString(),
    keys,
    interaction,
    cpf,
  );
  const count = records.length === 1 ? '1 record is' : `${records.length} records are`;
  const missing =
    withoutProof === 0 ? '' : `${withoutProof === 1 ? '1 entry has' : `${withoutProof} entries have`} no proof.\n`;
  const contents = records.map((answered) => `${describeRecord(answered)}\n`).join('') + missing;
  const said = `${count} in the tree as the answer says${hasCpf ? ', and of this person' : ''}`;
  if (log === undefined) return `${said}.\n${contents}`;
  const size = await verifyPresentContinues(log, keys, checkpoints.map((one) => ['the checkpoint of the proof', one])); // prettier-ignore
  return `${said}, which the log of ${size} places continues.\n${contents}`;
}

async function verifyReads(command: CommandOf<'person'>, input: NodeJS.ReadableStream): Promise<string> {
  const { keys, log, files, since } = command;
  const cpf = await readCpf(input);
  const named = await Promise.all(files.map(async (file) => [file, (await readInput(file)).toString()] as const));
  const { reads, checkpoints } = verifyPerson(named, keys, cpf);
  const contents = reads.map((read) => `${describeRead(read)}\n`).join('');
  const said = `The list is whole: the log of ${checkpoints.at(-1)!.size} places has ${readsOf(reads.length)} of this person`;
  if (log === undefined) return `${said}.\n${contents}`;
  const older = checkpoints.map((one): NamedCheckpoint => ['the checkpoint of the answer', one]);
  const kept = since === undefined ? undefined : await readKept(since, keys, KEPT);
  if (kept) older.push([KEPT, kept]);
  const size = await verifyPresentContinues(log, keys, older);
  const continued = kept ? ` and the ${kept.size} places kept from before` : '';
  return `${said}, and the log of ${size} places continues it${continued}.\n${contents}`;
}

/** Verifies the present checkpoint, and that it continues others. @returns its number of places */
async function verifyPresentContinues(
  url: string,
  keys: TrustedKeys,
  older: readonly NamedCheckpoint[],
): Promise<number> {
  const log = publishedLog(url);
  const present = openCheckpoint(await log.checkpoint(), keys, PRESENT);
  await verifyRoot(present, log);
  for (const checkpoint of older) await verifyContinues(checkpoint, [PRESENT, present], log);
  return present.size;
}

function signersOf({ origin, cosigners }: TrustedCheckpoint): string {
  const count = cosigners.length === 1 ? '1 witness' : `${cosigners.length} witnesses`;
  return cosigners.length === 0 ? origin : `${origin} and ${count}`;
}
