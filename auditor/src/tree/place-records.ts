import { randomBytes } from 'node:crypto';
import { entryOf } from '@pessoa/transparency-log/records/canonical-record';
import { growTree } from '@pessoa/transparency-log/tree/growing-tree';
import { hashLeaf } from '@pessoa/transparency-log/tree/hashes';
import { openTileIds, type Tile, type TileId } from '@pessoa/transparency-log/tree/tiles';
import type { ClientBase } from 'pg';
import { RECORD_COLUMNS, type RecordRow } from '@pessoa/audit/record-row';
import { type AuditRecord, canonicalOf, toRecord } from '../records/audit-record.ts';
import type { StoredTree } from './stored-tree.ts';

/** Records that get their place in one transaction. */
export const BATCH_RECORDS = 2_048;

const NONCE_BYTES = 32;

type Position = { readonly position: string };
type PendingRow = Position & (RecordRow | { readonly id: null });

const PENDING = `
  SELECT p.position, ${RECORD_COLUMNS}
  FROM (SELECT position, acesso_id FROM transparency.pending WHERE position <> ALL ($2::bigint[])
        ORDER BY position LIMIT $1) p
  LEFT JOIN public.acesso a ON a.id = p.acesso_id
  ORDER BY p.position`;

export interface Placed {
  /** The tree with the records. */
  readonly tree: StoredTree;
  /** The records that got a place. */
  readonly records: readonly AuditRecord[];
  /** The positions of pending records whose rows are gone. They stay pending: nobody may say that they were never there. */
  readonly lostPositions: readonly string[];
}

/**
 * Gives the oldest pending records their places, at most `BATCH_RECORDS`, in one transaction: all or none. It takes place only
 * on the tree that the caller read. When another process has added records since, nothing changes.
 *
 * @param knownLost positions to leave out: `lostPositions` of earlier calls
 * @throws TreeMovedError when the stored tree is not `tree` any more
 */
export async function placeRecords(
  db: ClientBase,
  tree: StoredTree,
  knownLost: readonly string[] = [],
): Promise<Placed> {
  const pending = await db.query<PendingRow>(PENDING, [BATCH_RECORDS, knownLost]);
  const rows = pending.rows.filter((row) => row.id !== null);
  const lostPositions = pending.rows.filter(({ id }) => id === null).map(({ position }) => position);
  if (rows.length === 0) return { tree, records: [], lostPositions };
  const nonces = rows.map(() => randomBytes(NONCE_BYTES));
  const records = rows.map((row, at) => toRecord(row, nonces[at]!));
  const entries = records.map((record, at) => entryOf(nonces[at]!, canonicalOf(record)));
  const grown = growTree(tree.size, tree.openTiles, entries.map(hashLeaf));
  await inTransaction(db, async () => {
    const { rowCount } = await db.query(
      'UPDATE transparency.tree SET size = $1, root = $2 WHERE size = $3 AND root = $4',
      [grown.size, grown.root, tree.size, tree.root],
    );
    if (rowCount !== 1) throw new TreeMovedError('another process has added records to the tree');
    await db.query(
      `INSERT INTO transparency.leaf (place, acesso_id, nonce, entry)
       SELECT $1::bigint + added.number - 1, added.acesso_id, added.nonce, added.entry
       FROM unnest($2::uuid[], $3::bytea[], $4::bytea[]) WITH ORDINALITY AS added (acesso_id, nonce, entry, number)`,
      [tree.size, records.map(({ id }) => id), nonces, entries],
    );
    await storeTiles(db, grown.tiles);
    await db.query('DELETE FROM transparency.pending WHERE position = ANY ($1::bigint[])', [
      rows.map(({ position }) => position),
    ]);
  });
  return { tree: afterGrowth(grown, tree.openTiles), records, lostPositions };
}

/** A higher tile that did not grow is still open. */
function afterGrowth({ size, root, tiles }: ReturnType<typeof growTree>, openTiles: readonly Tile[]): StoredTree {
  const isOf = (id: TileId) => (tile: Tile) => tile.level === id.level && tile.index === id.index;
  return { size, root, openTiles: openTileIds(size).map((id) => (tiles.find(isOf(id)) ?? openTiles.find(isOf(id)))!) };
}

/** The tree of the database is not the one that its writer began with. */
export class TreeMovedError extends Error {}

async function storeTiles(db: ClientBase, tiles: readonly Tile[]): Promise<void> {
  await db.query(
    `INSERT INTO transparency.tile (level, tile_index, hashes)
     SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
     ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes`,
    [tiles.map(({ level }) => level), tiles.map(({ index }) => index), tiles.map(({ hashes }) => hashes)],
  );
}

async function inTransaction(db: ClientBase, work: () => Promise<void>): Promise<void> {
  await db.query('BEGIN');
  try {
    await work();
    await db.query('COMMIT');
  } catch (error) {
    await db.query('ROLLBACK').catch(() => {}); // the connection may be what failed
    throw error;
  }
}
