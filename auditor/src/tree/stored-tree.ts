import { readEpoch } from '@pessoa/postgres/sql-values';
import { mapRoot as rootOfMap } from '@pessoa/transparency-log/map/find-entries';
import { HASH_BYTES, isSameHash } from '@pessoa/transparency-log/tree/hashes';
import { openTileIds, type Tile, type TileId } from '@pessoa/transparency-log/tree/tiles';
import { treeRoot } from '@pessoa/transparency-log/tree/tree-proofs';
import type { ClientBase, Pool } from 'pg';
import { ContradictionError } from '../contradiction-error.ts';
import { named } from '../named-statement.ts';
import { nodesAt, ofWholeMap } from '../people/map-nodes.ts';

/** The tree as it stands in the database: its size, its root, the root of the map of people, and the tiles that are not full. */
export interface StoredTree {
  readonly size: number;
  readonly root: Uint8Array;
  readonly mapRoot: Uint8Array;
  readonly openTiles: readonly Tile[];
}

interface TileRow {
  readonly level: number;
  readonly tile_index: string;
  readonly hashes: Buffer;
}

const TILES = `
  SELECT t.level, t.tile_index, t.hashes FROM unnest($1::smallint[], $2::bigint[]) AS wanted (level, tile_index)
  JOIN transparency.tile t ON t.level = wanted.level AND t.tile_index = wanted.tile_index`;

/** Reads tiles of the tree, in the order of the ids. `now`: as they are stored at this moment. */
export type ReadStoredTiles = (db: Pool | ClientBase, ids: readonly TileId[], when?: 'now') => Promise<Tile[]>;

/**
 * The tiles of the tree that are stored. Each is as wide as it is now, so it may be wider than asked for.
 *
 * @throws ContradictionError when one is missing or not as wide as asked for
 */
export async function readTiles(db: Pool | ClientBase, ids: readonly TileId[]): Promise<Tile[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.query<TileRow>(
    named(TILES, [ids.map(({ level }) => level), ids.map(({ index }) => index)]),
  );
  const stored = new Map(rows.map((row) => [`${row.level}/${row.tile_index}`, row.hashes]));
  return ids.map(({ level, index, width }) => {
    const hashes = stored.get(`${level}/${index}`);
    if (!hashes || hashes.byteLength < width * HASH_BYTES)
      throw new ContradictionError(`the tile ${index} of level ${level} is not stored as wide as the tree is`);
    return { level, index, width: hashes.byteLength / HASH_BYTES, hashes };
  });
}

/**
 * Reads the tree, and checks that its stored root is the root of its stored tiles, and that of the map the root of its stored nodes.
 *
 * @throws ContradictionError when it is not; Error when the migrations have not run
 */
export async function readTree(db: ClientBase): Promise<StoredTree> {
  const { rows } = await db.query<{ size: string; root: Buffer; mapRoot: Buffer }>(
    'SELECT size, root, map_root AS "mapRoot" FROM transparency.tree',
  );
  const [row] = rows;
  if (!row) throw new Error('transparency.tree has no row');
  const { root, mapRoot } = row;
  const size = Number(row.size);
  const rootOfTiles = await treeRoot(size, (ids) => readTiles(db, ids));
  if (!root.equals(rootOfTiles)) throw new ContradictionError('the root of the tree is not that of its tiles');
  if (!isSameHash(await ofWholeMap(rootOfMap(nodesAt(db, size))), mapRoot)) throw new ContradictionError('the root of the map is not that of its nodes'); // prettier-ignore
  const ids = openTileIds(size);
  const tiles = await readTiles(db, ids);
  return { size, root, mapRoot, openTiles: tiles.map((tile, at) => narrowed(tile, ids[at]!.width)) };
}

/** A tile that another process has widened meanwhile, as wide as it was in the tree of a smaller size. */
function narrowed(tile: Tile, width: number): Tile {
  return { ...tile, width, hashes: tile.hashes.subarray(0, width * HASH_BYTES) };
}

/** The latest time of the newest 256 records that have a place; undefined when none has. */
export async function latestRecordTime(db: ClientBase): Promise<Date | undefined> {
  const { rows } = await db.query<{ segundos: string | null }>(
    `SELECT max(extract(epoch FROM a.data_hora))::text AS segundos
     FROM (SELECT acesso_id FROM transparency.leaf ORDER BY place DESC LIMIT 256) newest
     JOIN public.acesso a ON a.id = newest.acesso_id`,
  );
  const seconds = rows[0]?.segundos;
  return seconds ? readEpoch(seconds) : undefined;
}

// For each record by its id: the audit is too large to be read for those that wait.
const LOST = `
  SELECT count(*)::int AS lost FROM transparency.pending p
  LEFT JOIN LATERAL (SELECT true AS is FROM public.acesso a WHERE a.id = p.acesso_id LIMIT 1) there ON true WHERE there.is IS NULL`;

/** Records that wait for their place although their rows are gone. */
export async function countLostRecords(db: ClientBase): Promise<number> {
  const { rows } = await db.query<{ lost: number }>(named(LOST));
  return rows[0]!.lost;
}
