import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@pessoa/service/config/environment';
import { readJsonFile, writeAtomically } from '@pessoa/service/processes/atomic-file';
import { parseCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { noteText } from '@pessoa/transparency-log/notes/signed-note';
import { EMPTY_ROOT } from '@pessoa/transparency-log/tree/hashes';
import { z } from 'zod';

/** The largest tree of a log that this witness has signed. */
export interface SignedState {
  readonly size: number;
  readonly root: Uint8Array;
  /** The further lines of its checkpoint: what else the log states of this tree. */
  readonly extensions: readonly string[];
}

const NOTHING: SignedState = { size: 0, root: EMPTY_ROOT, extensions: [] };

const Stored = z.object({
  origin: z.string(),
  size: z.int().min(1),
  root: z.base64().length(44),
  /** The checkpoint as the log signed it: evidence, should the log show another history later. */
  checkpoint: z.string(),
});

const REMEDY =
  'put back its last copy; if you remove it, this witness forgets what it signed, and a log may show it another history';

/** Keeps the states of logs, one file each. One process may use a folder. */
export interface SignedStates {
  /** @returns the empty tree for a log of which nothing was signed. @throws Error for a file that was damaged */
  read(origin: string): Promise<SignedState>;
  /** Resolves when the state is on the disk. */
  write(origin: string, state: Omit<SignedState, 'extensions'>, checkpoint: string): Promise<void>;
  /** Keeps the first checkpoint that a log signed against the one of that size that was cosigned: with that one, it is the evidence. */
  keepContradiction(origin: string, checkpoint: string): Promise<void>;
}

export function signedStatesIn(folder: string): SignedStates {
  const fileOf = (origin: string, ending = 'json'): string => join(folder, `${hash('sha256', origin)}.${ending}`);
  return {
    async read(origin) {
      const file = fileOf(origin);
      const stored = await readJsonFile(file, Stored, REMEDY);
      if (!stored) return NOTHING;
      if (stored.origin !== origin) throw new Error(`${file} is the state of another log: ${REMEDY}`);
      const { extensions } = parseCheckpoint(noteText(stored.checkpoint));
      return { size: stored.size, root: Buffer.from(stored.root, 'base64'), extensions };
    },
    async write(origin, { size, root }, checkpoint) {
      const stored: z.infer<typeof Stored> = { origin, size, root: Buffer.from(root).toString('base64'), checkpoint };
      await writeAtomically(fileOf(origin), `${JSON.stringify(stored, null, 2)}\n`, { isDurable: true });
    },
    async keepContradiction(origin, checkpoint) {
      const file = fileOf(origin, 'contradiction');
      if (!existsSync(file)) await writeAtomically(file, checkpoint, { isDurable: true });
    },
  };
}

/** @throws ConfigError unless the folder is there, may be written, and the states of these logs can be read */
export async function checkStates(folder: string, origins: Iterable<string>): Promise<void> {
  const refuse = (fault: string): never => {
    throw new ConfigError(`witness cannot start:\n  WITNESS_STATE: ${fault}`, [`WITNESS_STATE: ${fault}`]);
  };
  await access(`${folder}/.`, constants.R_OK | constants.W_OK | constants.X_OK).catch(() =>
    refuse('is not a folder that this process may read and write'),
  );
  const states = signedStatesIn(folder);
  for (const origin of origins) await states.read(origin).catch((error: Error) => refuse(error.message));
}
