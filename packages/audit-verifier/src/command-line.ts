import { parseArgs } from 'node:util';
import { NoteError } from '@pessoa/transparency-log/notes/signed-note';
import { type TrustedKeys, trustedKeys } from './trusted-checkpoint.ts';

/** Wrong use of the command. Its message is printed with the usage. */
export class UsageError extends Error {}

/** As a user types it: packed it is JavaScript. */
const NAME = import.meta.url.endsWith('.ts') ? 'npm run audit:verify --' : 'pessoa-audit-verify';

export const USAGE = `usage: ${NAME} checkpoint --key VKEY --log URL [options] [OLD NEW]
       ${NAME} proof FILE --key VKEY [options]
       ${NAME} person FILE... --cpf - --key VKEY [options]

checkpoint verifies the present checkpoint of a log: its signatures, that the published tiles give its root, and that it
continues an earlier one. With OLD and NEW, two files with checkpoints, it verifies that NEW continues OLD.
proof verifies the records of an answer of GET /auditoria/provas/{interaction}, or of the graph with \`prova\` in its consultas: that
the tree holds them as they are, and that the graph shows what they say. It prints the instant (dataHora), the purpose (finalidade)
and the fields (campos) of each.
person verifies that answers of GET /auditoria/pessoa/{cpf} together have every read of a person, and prints each. The pages of a list
are several files.

  --key VKEY       the log's key: name+id+base64
  --witness VKEY   a witness's key; may repeat
  --quorum N       how many of the witnesses must have cosigned. Default: all
  --log URL        where the log is published. With it, proof and person also verify that the log continues their checkpoints
  --interaction ID proof: the x-fapi-interaction-id of the read. A record of another one is refused
  --cpf -          person, proof: reads the CPF from standard input; proof refuses the record of another person
  --since FILE     checkpoint, person: an earlier checkpoint that the present one must continue
  --keep FILE      checkpoint: writes the present checkpoint there once it is verified
  --all            checkpoint: reads all entries and all tiles, and builds the tree anew
  -h, --help       prints this

Exit code: 0 when all is so, 1 when something is wrong, with one sentence that says what, 2 for wrong use.
`;

export type Command =
  | { readonly name: 'help' }
  | {
      readonly name: 'checkpoint';
      readonly keys: TrustedKeys;
      readonly log: string;
      readonly since: string | undefined;
      readonly keep: string | undefined;
      readonly isWhole: boolean;
    }
  | {
      readonly name: 'continues';
      readonly keys: TrustedKeys;
      readonly log: string;
      readonly files: readonly [string, string];
    }
  | {
      readonly name: 'proof';
      readonly keys: TrustedKeys;
      readonly log: string | undefined;
      readonly file: string;
      readonly interaction: string | undefined;
      /** Whether the standard input has the CPF of the person. */
      readonly hasCpf: boolean;
    }
  | {
      readonly name: 'person';
      readonly keys: TrustedKeys;
      readonly log: string | undefined;
      readonly files: readonly string[];
      readonly since: string | undefined;
    };

const options = {
  key: { type: 'string' },
  witness: { type: 'string', multiple: true },
  quorum: { type: 'string' },
  log: { type: 'string' },
  since: { type: 'string' },
  keep: { type: 'string' },
  all: { type: 'boolean' },
  interaction: { type: 'string' },
  cpf: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @throws UsageError */
export function parseCommand(args: readonly string[]): Command {
  // Before anything else: no message may repeat the CPF.
  if (args.some((arg) => CPF.test(arg))) throw new UsageError(NO_CPF);
  const { values, positionals } = parse(args);
  if (values.help) return { name: 'help' };
  const [name, ...files] = positionals;
  const { log, cpf } = values;
  if (cpf !== undefined && cpf !== '-') throw new UsageError(NO_CPF);
  if (name !== 'checkpoint' && name !== 'proof' && name !== 'person') {
    throw new UsageError('The command is checkpoint, proof or person.');
  }
  const keys = keysOf(values);
  if (log !== undefined && !(URL.canParse(log) && /^https?:/.test(log))) throw new UsageError('--log is no URL.');
  if (name === 'checkpoint') return parseCheckpointCommand(values, keys, files);
  return name === 'proof' ? parseProof(values, keys, files) : parsePerson(values, keys, files);
}

type Values = ReturnType<typeof parse>['values'];

const NO_CPF =
  'A CPF in the arguments is in the list of processes and in the history of the shell: write it to standard input, for --cpf -.';
const CPF = /^(--cpf=)?\d{3}\.?\d{3}\.?\d{3}-?\d{2}$/;

function parseCheckpointCommand(values: Values, keys: TrustedKeys, files: readonly string[]): Command {
  const { log, since, keep, all: isWhole = false, interaction, cpf } = values;
  if (interaction !== undefined) throw new UsageError('--interaction is for proof.');
  if (cpf !== undefined) throw new UsageError('--cpf is for person and proof.');
  if (log === undefined) throw new UsageError('checkpoint needs --log.');
  const [older, newer, ...others] = files;
  if (older === undefined) return { name: 'checkpoint', keys, log, since, keep, isWhole };
  if (newer === undefined || others.length > 0) throw new UsageError('checkpoint takes no file, or OLD and NEW.');
  if (since !== undefined || keep !== undefined || isWhole) {
    throw new UsageError('--since, --keep and --all are for the present checkpoint, not for OLD and NEW.');
  }
  return { name: 'continues', keys, log, files: [older, newer] };
}

function parseProof(values: Values, keys: TrustedKeys, [file, ...others]: readonly string[]): Command {
  const { log, since, keep, all, interaction, cpf } = values;
  if (file === undefined || others.length > 0) throw new UsageError('proof takes one file.');
  if (since !== undefined || keep !== undefined || all) throw new UsageError('--since, --keep and --all are for checkpoint.'); // prettier-ignore
  if (interaction === '') throw new UsageError('--interaction is empty.');
  return { name: 'proof', keys, log, file, interaction, hasCpf: cpf !== undefined };
}

function parsePerson(values: Values, keys: TrustedKeys, files: readonly string[]): Command {
  const { log, since, keep, all, interaction, cpf } = values;
  if (files.length === 0) throw new UsageError('person takes one file or more.');
  if (cpf === undefined) throw new UsageError('person needs --cpf -, and the CPF on standard input.');
  if (keep !== undefined || all) throw new UsageError('--keep and --all are for checkpoint.');
  if (interaction !== undefined) throw new UsageError('--interaction is for proof.');
  if (since !== undefined && log === undefined) throw new UsageError('--since needs --log.');
  return { name: 'person', keys, log, files, since };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0]!);
  }
}

function keysOf({ key, witness = [], quorum }: { key?: string; witness?: string[]; quorum?: string }): TrustedKeys {
  if (key === undefined) throw new UsageError('--key is missing.');
  if (quorum !== undefined && !/^\d+$/.test(quorum)) throw new UsageError('--quorum is no number.');
  try {
    return trustedKeys(key, witness, quorum === undefined ? undefined : Number(quorum));
  } catch (error) {
    if (error instanceof NoteError) throw new UsageError(error.message);
    throw error;
  }
}
