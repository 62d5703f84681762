import { entryOf } from '@pessoa/transparency-log/records/canonical-record';
import { hashLeaf, isSameHash } from '@pessoa/transparency-log/tree/hashes';
import { hashAt, type Tile, TILE_WIDTH } from '@pessoa/transparency-log/tree/tiles';
import { inclusionProof } from '@pessoa/transparency-log/tree/tree-proofs';
import { ProofError, verifyInclusion } from '@pessoa/transparency-log/tree/verify-proofs';
import type { ClientBase } from 'pg';
import type { FaultKind } from './fault-kinds.ts';
import { RECORD_COLUMNS } from '@pessoa/audit/record-row';
import { named } from '../named-statement.ts';
import type { PersonKeys } from '../people/person-keys.ts';
import { canonicalOf, CHAIN_COLUMNS, chainPlaceOf, toRecord } from '../records/audit-record.ts';
import { readTiles, type StoredTree } from '../tree/stored-tree.ts';
import {
  CHAIN_CHECK_COLUMNS,
  CHAIN_CHECK_JOINS,
  chainFault,
  chooseIndices,
  findMapFaults,
  linkFault,
  type PlacedRow,
} from './chain-check.ts';
import { erasedPlaces } from './erased-places.ts';
import { findLostDecisions } from './seal-check.ts';

/** A record that is not what the log holds. */
export interface RecordFault {
  readonly kind: FaultKind;
  /** Its place in the tree, or the id of a record without one. */
  readonly at: string;
}

const PLACED = `
  SELECT l.place, l.nonce, l.entry, l.erased_by, ${CHAIN_COLUMNS}, ${CHAIN_CHECK_COLUMNS}, ${RECORD_COLUMNS}
  FROM (SELECT * FROM transparency.leaf WHERE place >= $1 ORDER BY place LIMIT ${TILE_WIDTH}) l
  LEFT JOIN public.acesso a ON a.id = l.acesso_id
  ${CHAIN_CHECK_JOINS}
  WHERE l.place < $2 ORDER BY l.place`;

/**
 * Compares the records of one tile, the places from `index * 256`, with their entries, the entries with the tile, and the tile with the
 * root of the tree. Compares the chains of their people with these records, and with the map of the tree.
 */
export async function checkPlacedRecords(
  db: ClientBase,
  index: number,
  tree: Pick<StoredTree, 'size' | 'root' | 'mapRoot'>,
  keys: PersonKeys,
): Promise<RecordFault[]> {
  const first = index * TILE_WIDTH;
  const width = Math.min(TILE_WIDTH, tree.size - first);
  const [tile] = await readTiles(db, [{ level: 0, index, width }]);
  const { rows } = await db.query<PlacedRow>(named(PLACED, [first, first + width]));
  const byPlace = new Map(rows.map((row) => [Number(row.place), row]));
  const erasedUpTo = await erasedPlaces(db, rows);
  const isChecked = chooseIndices(rows);
  const faults = Array.from({ length: width }, (_, at) => first + at).flatMap((place): RecordFault[] => {
    const row = byPlace.get(place);
    const at = String(place);
    if (!row) return [{ kind: 'removed', at }];
    if (!isSameHash(hashLeaf(row.entry), hashAt(tile!, place - first))) return [{ kind: 'tile', at }];
    if (row.nonce === null) {
      const kind = erasedFault(row, place < erasedUpTo(row.erased_by));
      return kind === undefined ? [] : [{ kind, at }];
    }
    if (row.id === null) return [{ kind: 'removed', at }];
    const entry = entryOf(row.nonce, canonicalOf(toRecord(row, row.nonce, chainPlaceOf(row), keys)));
    const kind = row.entry.equals(entry) ? chainFault(row, keys, isChecked(row)) : 'changed';
    return kind === undefined ? [] : [{ kind, at }];
  });
  for (const at of await findMapFaults(db, rows, tree)) faults.push({ kind: 'map', at });
  faults.push(...(await findLostDecisions(db, rows)));
  if (first + width === tree.size) faults.push(...(await findStrayLeaves(db, tree.size)));
  return (await isOfTree(db, tile!, tree)) ? faults : [...faults, { kind: 'tile', at: String(first) }];
}

/** A leaf without its nonce was erased: then its record is gone, an erasure reaches it, and it is still in its chain. */
function erasedFault(row: PlacedRow, isReached: boolean): FaultKind | undefined {
  if (!isReached) return 'erased';
  return row.id === null ? linkFault(row) : 'changed';
}

const STRAYS = 'SELECT place FROM transparency.leaf WHERE place >= $1 ORDER BY place LIMIT 100';

/** Leaves that stand for a record and are not in the tree. */
async function findStrayLeaves(db: ClientBase, size: number): Promise<RecordFault[]> {
  const { rows } = await db.query<{ place: string }>(STRAYS, [size]);
  return rows.map(({ place }) => ({ kind: 'tile', at: place }));
}

/** Whether a tile of leaf hashes leads to the root. The proof of its first leaf depends on all of its hashes. */
async function isOfTree(
  db: ClientBase,
  tile: Tile,
  { size, root }: Pick<StoredTree, 'size' | 'root'>,
): Promise<boolean> {
  const index = tile.index * TILE_WIDTH;
  const proof = await inclusionProof(index, size, (ids) => readTiles(db, ids));
  try {
    verifyInclusion({ leafHash: hashAt(tile, 0), index, size, proof, root });
    return true;
  } catch (error) {
    if (error instanceof ProofError) return false;
    throw error;
  }
}

/** Records of one page. */
const PAGE_RECORDS = 1_000;

const unplaced = (from: string): string => `
  SELECT page.id, coalesce(l.place >= $1, true) AND p.acesso_id IS NULL AS "isUnplaced"
  FROM (SELECT id FROM public.acesso ${from} ORDER BY id LIMIT ${PAGE_RECORDS}) page
  LEFT JOIN transparency.leaf l ON l.acesso_id = page.id
  LEFT JOIN transparency.pending p ON p.acesso_id = page.id
  ORDER BY page.id`;
const UNPLACED = unplaced('');
const UNPLACED_AFTER = unplaced('WHERE id > $2');

/**
 * Looks for records that neither have a place nor wait for one: rows that were inserted around the trigger.
 *
 * @param after the id with which the last page ended; undefined for the first page
 * @param size of the tree: a leaf beyond it is no place
 * @returns the last id of the page; undefined after the last page
 */
export async function findUnplacedRecords(
  db: ClientBase,
  after: string | undefined,
  size: number,
): Promise<{ faults: RecordFault[]; last: string | undefined }> {
  const { rows } = await db.query<{ id: string; isUnplaced: boolean }>(
    after === undefined ? named(UNPLACED, [size]) : named(UNPLACED_AFTER, [size, after]),
  );
  return {
    faults: rows.filter(({ isUnplaced }) => isUnplaced).map(({ id }) => ({ kind: 'unplaced', at: id })),
    last: rows.length < PAGE_RECORDS ? undefined : rows.at(-1)!.id,
  };
}
