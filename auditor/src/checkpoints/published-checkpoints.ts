import { parseCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { mapOf } from '@pessoa/transparency-log/checkpoints/map-extension';
import { noteText } from '@pessoa/transparency-log/notes/signed-note';
import type { ClientBase, Pool } from 'pg';
import { named } from '../named-statement.ts';

/** A checkpoint that counts. */
export interface PublishedCheckpoint {
  readonly size: number;
  /** The signed note. */
  readonly note: string;
}

/** The columns `size` and `note` of the newest one. */
export const LATEST_CHECKPOINT = 'SELECT size, note FROM transparency.checkpoint ORDER BY size DESC LIMIT 1';
const OF_SIZE = 'SELECT note FROM transparency.checkpoint WHERE size = $1';

/** @returns undefined before the first record has its place */
export async function latestCheckpoint(db: Pool | ClientBase): Promise<PublishedCheckpoint | undefined> {
  const { rows } = await db.query<{ size: string; note: string }>(named(LATEST_CHECKPOINT));
  return rows[0] && { size: Number(rows[0].size), note: rows[0].note };
}

/** @returns undefined when none of this size is published */
export async function checkpointOf(db: ClientBase, size: number): Promise<PublishedCheckpoint | undefined> {
  const { rows } = await db.query<{ note: string }>(named(OF_SIZE, [size]));
  return rows[0] && { size, note: rows[0].note };
}

/** Whether a checkpoint commits to the map of people: those from before the map do not. */
export const hasMap = ({ note }: PublishedCheckpoint): boolean => mapOf(parseCheckpoint(noteText(note))) !== undefined;

/** A checkpoint of this size that is published already stays: the tree of a size is one. */
export async function publishCheckpoint(db: ClientBase, { size, note }: PublishedCheckpoint): Promise<void> {
  await db.query('INSERT INTO transparency.checkpoint (size, note) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    size,
    note,
  ]);
}
