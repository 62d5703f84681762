import { RECORD_COLUMNS, type RecordRow } from '@pessoa/audit/record-row';
import { findEntries } from '@pessoa/transparency-log/map/find-entries';
import { EMPTY_MAP_ROOT } from '@pessoa/transparency-log/map/map-entry';
import { updateMap } from '@pessoa/transparency-log/map/update-map';
import { growTree } from '@pessoa/transparency-log/tree/growing-tree';
import { hashLeaf, isSameHash } from '@pessoa/transparency-log/tree/hashes';
import { openTileIds, type Tile, type TileId } from '@pessoa/transparency-log/tree/tiles';
import type { ClientBase } from 'pg';
import { ContradictionError } from '../contradiction-error.ts';
import { chainRecords } from '../people/chain-records.ts';
import { identifyPeople, mayBeUnchained } from '../people/identify-people.ts';
import { type IndicesOf, indicesHere } from '../people/index-threads.ts';
import { nodesAt, ofWholeMap } from '../people/map-nodes.ts';
import { type NodeCache, readingOnce } from '../people/node-cache.ts';
import type { PersonKeys } from '../people/person-keys.ts';
import { named } from '../named-statement.ts';
import type { AuditRecord } from '../records/audit-record.ts';
import { storeGrowth } from './store-growth.ts';
import type { StoredTree } from './stored-tree.ts';

/** Records that get their place in one transaction. */
export const BATCH_RECORDS = 2_048;

type PendingRow = RecordRow & { readonly position: string; readonly isPlaced: boolean };

// A pending record whose row is gone stays pending, and the others go on. Each is read by its id: with a usual join, PostgreSQL may read all months for
// a batch when many records wait.
const pendingStatement = (records: number): string => `
  SELECT p.position, l.acesso_id IS NOT NULL AS "isPlaced", ${RECORD_COLUMNS}
  FROM transparency.pending p
  CROSS JOIN LATERAL (SELECT * FROM public.acesso r WHERE r.id = p.acesso_id LIMIT 1) a
  LEFT JOIN transparency.leaf l ON l.acesso_id = p.acesso_id AND l.place < $1
  ORDER BY p.position LIMIT ${records}`;

/** What the leader knows of people. */
export interface People {
  readonly keys: PersonKeys;
  /** Of one time of leading: after an error it may hold what is not stored. */
  readonly cache: NodeCache;
  /** Default: on this thread. */
  readonly indicesOf?: IndicesOf;
}

export interface Placed {
  /** The tree with the records. */
  readonly tree: StoredTree;
  /** The records that got a place. */
  readonly records: readonly AuditRecord[];
  /** The ids of those of them that are wrongly in no chain. */
  readonly unchained: readonly string[];
  /** Whether more may be pending than a batch takes. */
  readonly isFull: boolean;
}

/**
 * Gives the oldest pending records their places in the tree and in the chains of their people, at most `batchRecords` and of at most
 * `NEW_PEOPLE_MAX` new people, in one transaction: all or none. It takes place only on the tree that the caller read. When another process
 * has added records since, nothing changes. A record that is pending twice, or has its place already, gets no second one.
 *
 * @param batchRecords default: 2,048
 * @throws TreeMovedError when the stored tree is not `tree` any more
 * @throws ContradictionError when the stored map is not that of the tree
 */
export async function placeRecords(
  db: ClientBase,
  tree: StoredTree,
  { keys, cache, indicesOf = indicesHere(keys) }: People,
  batchRecords: number = BATCH_RECORDS,
): Promise<Placed> {
  const { rows: pending } = await db.query<PendingRow>(named(pendingStatement(batchRecords), [tree.size]));
  if (pending.length === 0) return { tree, records: [], unchained: [], isFull: false };
  const waiting = new Map(pending.filter(({ isPlaced }) => !isPlaced).map((row) => [row.id, row]));
  const { rows, added } = await identifyPeople(db, [...waiting.values()], keys, indicesOf);
  const isCut = rows.length < waiting.size;
  const read = readingOnce(cache.reading(nodesAt(db, tree.size)));
  const indices = rows.flatMap(({ index }) => index ?? []);
  const { leaves, changed } = chainRecords(rows, await ofWholeMap(findEntries(indices, read)), added.values(), keys);
  const map = await ofWholeMap(updateMap(changed, read));
  if (!isSameHash(map.before, tree.mapRoot)) throw new ContradictionError('the root of the map is not that of its nodes'); // prettier-ignore
  const grown = growTree(
    tree.size,
    tree.openTiles,
    leaves.map(({ entry }) => hashLeaf(entry)),
  );
  const placedIds = new Set(rows.map(({ row }) => row.id));
  const done = pending.filter(({ id, isPlaced }) => isPlaced || placedIds.has(id));
  await storeGrowth(db, tree, { ...grown, leaves, map, people: added, done: done.map(({ position }) => position) });
  cache.keep(map.nodes);
  const hasChains = !isSameHash(tree.mapRoot, EMPTY_MAP_ROOT);
  return {
    tree: afterGrowth(grown, map.root, tree.openTiles),
    records: leaves.map(({ record }) => record),
    unchained: leaves.filter(({ chain }, at) => !chain && !mayBeUnchained(rows[at]!, hasChains)).map(({ record }) => record.id), // prettier-ignore
    isFull: isCut || pending.length === batchRecords,
  };
}

/** A higher tile that did not grow is still open. */
function afterGrowth(
  { size, root, tiles }: ReturnType<typeof growTree>,
  mapRoot: Uint8Array,
  openTiles: readonly Tile[],
): StoredTree {
  const isOf = (id: TileId) => (tile: Tile) => tile.level === id.level && tile.index === id.index;
  const open = openTileIds(size).map((id) => (tiles.find(isOf(id)) ?? openTiles.find(isOf(id)))!);
  return { size, root, mapRoot, openTiles: open };
}
