import { randomUUIDv7 } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CommandError } from '../commands/command-error.ts';
import { formats, readIfExists, writeWhole } from './row-files.ts';
import { tableNames } from './tables.ts';

const part = z.object({
  people: z.number(),
  rows: z.record(z.enum(tableNames as [string, ...string[]]), z.number()),
  /** SHA-256 of each file, by its name. */
  files: z.record(z.string(), z.string()),
});

const state = z.object({
  version: z.literal(1),
  run: z.uuid(),
  base: z.literal('b'),
  /** The replica, or Base B itself. */
  origin: z.enum(['replica', 'base']),
  /** The day in São Paulo up to which ages and months are counted, also when the run goes on later. */
  hoje: z.iso.date(),
  /** Which key made the pseudonyms. */
  keyId: z.string(),
  /** The client of the token with which the run began. */
  clientId: z.string(),
  formats: z.array(z.enum(formats)).min(1),
  parts: z.array(part),
  /** People without rows: the score could not use their data either. */
  unreadablePeople: z.number(),
  /** The last person of the last part, sealed; an empty text before the first part. */
  position: z.string(),
  isComplete: z.boolean(),
});

/** What a run has written, in `extraction.json`. */
export type ExtractionState = z.infer<typeof state>;
export type ExtractionPart = ExtractionState['parts'][number];

const STATE_FILE = 'extraction.json';

/**
 * @returns undefined for a folder that is absent or empty: the run is a new one
 * @throws CommandError for a folder with something else in it
 */
async function readState(folder: string): Promise<ExtractionState | undefined> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const text = await readIfExists(join(folder, STATE_FILE));
  if (text === undefined) {
    if ((await readdir(folder)).length > 0) throw new CommandError('the folder is not empty, and holds no extraction'); // prettier-ignore
    return undefined;
  }
  const parsed = z.string().transform(jsonOf).pipe(state).safeParse(text);
  if (!parsed.success) throw new CommandError(`${STATE_FILE} in the folder cannot be read: it is of another version, or damaged`); // prettier-ignore
  return parsed.data;
}

export const writeState = (folder: string, current: ExtractionState): Promise<void> =>
  writeWhole(join(folder, STATE_FILE), `${JSON.stringify(current, undefined, 2)}\n`);

/**
 * The state of the run in the folder, or of a new one.
 *
 * @param current how the run is asked for now
 * @throws CommandError when the run in the folder is complete, or was begun with another key, client, origin or format
 */
export async function beginOrGoOn(
  folder: string,
  current: Pick<ExtractionState, 'clientId' | 'keyId' | 'formats' | 'origin' | 'hoje'>,
): Promise<ExtractionState> {
  const stored = await readState(folder);
  if (!stored) {
    const state: ExtractionState = { version: 1, run: randomUUIDv7(), base: 'b', ...current, parts: [], unreadablePeople: 0, position: '', isComplete: false }; // prettier-ignore
    await writeState(folder, state);
    return state;
  }
  if (stored.isComplete) throw new CommandError('the folder holds a complete extraction: name another one');
  if (stored.keyId !== current.keyId) throw new CommandError('the run in the folder has another EXTRACTION_KEY');
  if (stored.clientId !== current.clientId) throw new CommandError('the run in the folder is of another client');
  if (stored.origin !== current.origin)
    throw new CommandError(`the run in the folder reads ${stored.origin === 'base' ? 'Base B itself' : 'the replica'}`);
  if (stored.formats.join() !== current.formats.join())
    throw new CommandError(`the run in the folder has the formats ${stored.formats.join(' and ')}`);
  return stored;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
