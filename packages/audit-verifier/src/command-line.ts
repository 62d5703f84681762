import { parseArgs } from 'node:util';
import { NoteError } from '@pessoa/transparency-log/notes/signed-note';
import { type TrustedKeys, trustedKeys } from './trusted-checkpoint.ts';

/** Wrong use of the command. Its message is printed with the usage. */
export class UsageError extends Error {}

/** As a user types it: packed it is JavaScript. */
const NAME = import.meta.url.endsWith('.ts') ? 'npm run audit:verify --' : 'pessoa-audit-verify';

export const USAGE = `usage: ${NAME} checkpoint --key VKEY --log URL [options] [OLD NEW]
       ${NAME} proof FILE --key VKEY [options]

checkpoint verifies the present checkpoint of a log: its signatures, that the published tiles give its root, and that it
continues an earlier one. With OLD and NEW, two files with checkpoints, it verifies that NEW continues OLD.
proof verifies the records of an answer of GET /auditoria/provas/{interaction}: that the tree holds them as they are. It prints
the instant (dataHora), the purpose (finalidade) and the fields (campos) of each.

  --key VKEY       the log's key: name+id+base64
  --witness VKEY   a witness's key; may repeat
  --quorum N       how many of the witnesses must have cosigned. Default: all
  --log URL        where the log is published. With it, proof also verifies that the log continues the proofs' checkpoints
  --interaction ID proof: the x-fapi-interaction-id of the read. A record of another one is refused
  --since FILE     checkpoint: an earlier checkpoint that the present one must continue
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
  help: { type: 'boolean', short: 'h' },
} as const;

/** @throws UsageError */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { name: 'help' };
  const [name, ...files] = positionals;
  if (name !== 'checkpoint' && name !== 'proof') throw new UsageError('The command is checkpoint or proof.');
  const keys = keysOf(values);
  const { log, since, keep, all: isWhole = false, interaction } = values;
  if (log !== undefined && !(URL.canParse(log) && /^https?:/.test(log))) throw new UsageError('--log is no URL.');
  const isPlain = since === undefined && keep === undefined && !isWhole;
  if (name === 'proof') {
    const [file, ...others] = files;
    if (file === undefined || others.length > 0) throw new UsageError('proof takes one file.');
    if (!isPlain) throw new UsageError('--since, --keep and --all are for checkpoint.');
    if (interaction === '') throw new UsageError('--interaction is empty.');
    return { name, keys, log, file, interaction };
  }
  if (interaction !== undefined) throw new UsageError('--interaction is for proof.');
  if (log === undefined) throw new UsageError('checkpoint needs --log.');
  const [older, newer, ...others] = files;
  if (older === undefined) return { name, keys, log, since, keep, isWhole };
  if (newer === undefined || others.length > 0) throw new UsageError('checkpoint takes no file, or OLD and NEW.');
  if (!isPlain) throw new UsageError('--since, --keep and --all are for the present checkpoint, not for OLD and NEW.');
  return { name: 'continues', keys, log, files: [older, newer] };
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
