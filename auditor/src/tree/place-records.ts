import { randomBytes } from 'node:crypto';
import { RECORD_COLUMNS, type RecordRow } from '@pessoa/audit/record-row';
import { entryOf, NONCE_BYTES } from '@pessoa/transparency-log/records/canonical-record';
import { growTree } from '@pessoa/transparency-log/tree/growing-tree';
import { hashLeaf } from '@pessoa/transparency-log/tree/hashes';
import { openTileIds, type Tile, type TileId } from '@pessoa/transparency-log/tree/tiles';
import type { ClientBase } from 'pg';
import { type AuditRecord, canonicalOf, toRecord } from '../records/audit-record.ts';
import type { StoredTree } from './stored-tree.ts';

/** Records that get their place in one transaction. */
export const BATCH_RECORDS = 2_048;

type PendingRow = RecordRow & { readonly position: string; readonly isPlaced: boolean };

// A pending record whose row is gone stays pending, and the others go on.
const PENDING = `
  SELECT p.position, l.acesso_id IS NOT NULL AS "isPlaced", ${RECORD_COLUMNS}
  FROM transparency.pending p
  JOIN public.acesso a ON a.id = p.acesso_id
  LEFT JOIN transparency.leaf l ON l.acesso_id = p.acesso_id
  ORDER BY p.position LIMIT $1`;

export interface Placed {
  /** The tree with the records. */
  readonly tree: StoredTree;
  /** The records that got a place. */
  readonly records: readonly AuditRecord[];
  /** Whether as many were pending as a batch takes, so that there may be more. */
  readonly isFull: boolean;
}

/**
 * Gives the oldest pending records their places, at most `BATCH_RECORDS`, in one transaction: all or none. It takes place only
 * on the tree that the caller read. When another process has added records since, nothing changes. A record that is pending
 * twice, or has its place already, gets no second one.
 *
 * @throws TreeMovedError when the stored tree is not `tree` any more
 */
export async function placeRecords(db: ClientBase, tree: StoredTree): Promise<Placed> {
  const { rows } = await db.query<PendingRow>(PENDING, [BATCH_RECORDS]);
  if (rows.length === 0) return { tree, records: [], isFull: false };
  const waiting = new Map(rows.filter(({ isPlaced }) => !isPlaced).map((row) => [row.id, row]));
  const nonces = Array.from(waiting, () => randomBytes(NONCE_BYTES));
  const records = Array.from(waiting.values(), (row, at) => toRecord(row, nonces[at]!));
  const entries = records.map((record, at) => entryOf(nonces[at]!, canonicalOf(record)));
  const grown = growTree(tree.size, tree.openTiles, entries.map(hashLeaf));
  await inTransaction(db, async () => {
    if (records.length > 0) await addLeaves(db, tree, grown, { ids: [...waiting.keys()], nonces, entries });
    await db.query('DELETE FROM transparency.pending WHERE position = ANY ($1::bigint[])', [
      rows.map(({ position }) => position),
    ]);
  });
  return { tree: afterGrowth(grown, tree.openTiles), records, isFull: rows.length === BATCH_RECORDS };
}

/** The tree of the database is not the one that its writer began with. */
export class TreeMovedError extends Error {}

async function addLeaves(
  db: ClientBase,
  tree: StoredTree,
  { size, root, tiles }: ReturnType<typeof growTree>,
  leaves: Readonly<Record<'ids' | 'nonces' | 'entries', readonly (string | Uint8Array)[]>>,
): Promise<void> {
  const { rowCount } = await db.query(
    'UPDATE transparency.tree SET size = $1, root = $2 WHERE size = $3 AND root = $4',
    [size, root, tree.size, tree.root],
  );
  if (rowCount !== 1) throw new TreeMovedError('another process has added records to the tree');
  await db.query(
    `INSERT INTO transparency.leaf (place, acesso_id, nonce, entry)
     SELECT $1::bigint + added.number - 1, added.acesso_id, added.nonce, added.entry
     FROM unnest($2::uuid[], $3::bytea[], $4::bytea[]) WITH ORDINALITY AS added (acesso_id, nonce, entry, number)`,
    [tree.size, leaves.ids, leaves.nonces, leaves.entries],
  );
  await db.query(
    `INSERT INTO transparency.tile (level, tile_index, hashes)
     SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
     ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes`,
    [tiles.map(({ level }) => level), tiles.map(({ index }) => index), tiles.map(({ hashes }) => hashes)],
  );
}

/** A higher tile that did not grow is still open. */
function afterGrowth({ size, root, tiles }: ReturnType<typeof growTree>, openTiles: readonly Tile[]): StoredTree {
  const isOf = (id: TileId) => (tile: Tile) => tile.level === id.level && tile.index === id.index;
  return { size, root, openTiles: openTileIds(size).map((id) => (tiles.find(isOf(id)) ?? openTiles.find(isOf(id)))!) };
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
