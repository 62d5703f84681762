import { readFile, rename, writeFile } from 'node:fs/promises';
import { type Command, parseCommand, USAGE, UsageError } from './command-line.ts';
import { describeRecord } from './describe-record.ts';
import { publishedLog } from './published-log.ts';
import { openCheckpoint, type TrustedCheckpoint, type TrustedKeys } from './trusted-checkpoint.ts';
import { VerificationError } from './verification-error.ts';
import { verifyContinues, verifyRoot } from './verify-log.ts';
import { verifyAnswer } from './verify-records.ts';
import { verifyWholeLog } from './verify-whole-log.ts';

type CommandOf<Name extends Command['name']> = Extract<Command, { readonly name: Name }>;

interface Outcome {
  readonly exitCode: 0 | 1 | 2;
  /** One sentence, after which each proven record has its line; or the usage. */
  readonly text: string;
}

/** Runs the command. It never throws for what a user or a log did wrong. */
export async function run(args: readonly string[]): Promise<Outcome> {
  try {
    return { exitCode: 0, text: await outcomeOf(parseCommand(args)) };
  } catch (error) {
    if (error instanceof UsageError) return { exitCode: 2, text: `${error.message}\n\n${USAGE}` };
    if (error instanceof VerificationError) return { exitCode: 1, text: `${error.message}\n` };
    throw error;
  }
}

async function outcomeOf(command: Command): Promise<string> {
  switch (command.name) {
    case 'help':
      return USAGE;
    case 'checkpoint':
      return verifyPresent(command);
    case 'continues':
      return verifyTwo(command);
    case 'proof':
      return verifyProofs(command);
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
  const newCheckpoint = openCheckpoint(await readNote(newer), keys, newer);
  await verifyRoot(newCheckpoint, log);
  await verifyContinues([older, oldCheckpoint], [newer, newCheckpoint], log);
  return `${newer} of ${newCheckpoint.size} places continues ${older} of ${oldCheckpoint.size}.\n`;
}

async function verifyProofs({ keys, log: url, file, interaction }: CommandOf<'proof'>): Promise<string> {
  const { records, checkpoints } = verifyAnswer((await readNote(file)).toString(), keys, interaction);
  const count = records.length === 1 ? '1 record is' : `${records.length} records are`;
  const contents = records.map((answered) => `${describeRecord(answered)}\n`).join('');
  if (url === undefined) return `${count} in the tree as the answer says.\n${contents}`;
  const log = publishedLog(url);
  const present = openCheckpoint(await log.checkpoint(), keys, PRESENT);
  await verifyRoot(present, log);
  for (const checkpoint of checkpoints) {
    await verifyContinues(['the checkpoint of the proof', checkpoint], [PRESENT, present], log);
  }
  return `${count} in the tree as the answer says, which the log of ${present.size} places continues.\n${contents}`;
}

/** A checkpoint that was verified when it was kept: now the log's signature is enough. */
const readKept = async (file: string, keys: TrustedKeys, what: string): Promise<TrustedCheckpoint> =>
  openCheckpoint(await readNote(file), { ...keys, quorum: 0 }, what);

async function readNote(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new VerificationError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** The file has its old or its new content, even when the process is killed. */
async function writeKept(file: string, note: string): Promise<void> {
  const unfinished = `${file}.${process.pid}`;
  try {
    await writeFile(unfinished, note, { flush: true });
    await rename(unfinished, file);
  } catch (error) {
    throw new VerificationError(`${file} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function signersOf({ origin, cosigners }: TrustedCheckpoint): string {
  const count = cosigners.length === 1 ? '1 witness' : `${cosigners.length} witnesses`;
  return cosigners.length === 0 ? origin : `${origin} and ${count}`;
}
