import { randomInt } from 'node:crypto';
import type { RecordRow } from '@pessoa/audit/record-row';
import { findEntries, mapRoot as rootOfMap } from '@pessoa/transparency-log/map/find-entries';
import type { MapEntry } from '@pessoa/transparency-log/map/map-entry';
import { EMPTY_LINK, nextLink } from '@pessoa/transparency-log/map/person-chain';
import { StoredNodeError } from '@pessoa/transparency-log/map/stored-node-error';
import { isSameHash } from '@pessoa/transparency-log/tree/hashes';
import type { ClientBase } from 'pg';
import type { FaultKind } from './fault-kinds.ts';
import { nodesAt } from '../people/map-nodes.ts';
import { readingOnce } from '../people/node-cache.ts';
import type { PersonKeys } from '../people/person-keys.ts';
import type { ChainRow } from '../records/audit-record.ts';
import type { StoredTree } from '../tree/stored-tree.ts';

/** The joins of `CHAIN_CHECK_COLUMNS`: the leaf before in the chain and its record, the leaf after, and the index of the record's person. */
export const CHAIN_CHECK_JOINS = `
  LEFT JOIN transparency.leaf before ON before.person_index = l.person_index AND before.number = l.number - 1
  LEFT JOIN public.acesso record_before ON record_before.id = before.acesso_id
  LEFT JOIN transparency.leaf after ON after.person_index = l.person_index AND after.number = l.number + 1
  LEFT JOIN transparency.person p ON p.cpf_hash = a.cpf_hash`;

export const CHAIN_CHECK_COLUMNS = `
  l.link, before.link AS link_before, record_before.cpf_hash AS person_before, after.place IS NULL AS is_last, p.person_index AS index_of_person`;

interface CheckedChain extends ChainRow {
  readonly link: Buffer | null;
  readonly link_before: Buffer | null;
  readonly person_before: string | null;
  readonly is_last: boolean;
  readonly index_of_person: Buffer | null;
}

/** A leaf with `CHAIN_COLUMNS` and `CHAIN_CHECK_COLUMNS`, and its record, if that is there. */
export type PlacedRow = {
  readonly place: string;
  readonly nonce: Buffer | null;
  readonly entry: Buffer;
  readonly erased_by: string | null;
} & CheckedChain &
  (RecordRow | { readonly id: null });

/**
 * What is wrong with the place of a record in its chain. That the record has this index and number is in its entry.
 *
 * @param isIndexChecked computes the index of the person, in about a millisecond
 * @returns undefined when nothing is, and for a record that is in no chain
 */
export function chainFault(row: PlacedRow, keys: PersonKeys, isIndexChecked: boolean): FaultKind | undefined {
  if (row.person_index === null || row.id === null) return undefined;
  // An index is of one CPF, and the CPF is that of the hash: so a person has no second chain, and two people have not the same.
  const cpf = keys.cpfOf(row);
  if (cpf === undefined || !row.index_of_person?.equals(row.person_index)) return 'person';
  if ((row.person_before ?? row.cpf_hash) !== row.cpf_hash) return 'person';
  if (isIndexChecked && !isSameHash(keys.indexOf(cpf), row.person_index)) return 'person';
  return linkFault(row);
}

/** Whether a leaf follows from the one before in its chain. Its record may be gone. */
export function linkFault(row: PlacedRow): FaultKind | undefined {
  if (row.person_index === null) return undefined;
  const before = row.number === '1' ? EMPTY_LINK : row.link_before;
  const follows = before !== null && row.link !== null && isSameHash(nextLink(before, row.entry), row.link);
  return follows ? undefined : 'chain';
}

/** Indices that are computed for a tile: 50 ms. The rest has its turn in other checks, because they are chosen at random. */
const INDICES = 32;

/** Chooses some of the records before which no other of their chain stands: who those after them are follows from them. */
export function chooseIndices(rows: readonly PlacedRow[]): (row: PlacedRow) => boolean {
  const first = rows.filter(({ person_index: index, person_before: before }) => index !== null && before === null);
  const from = randomInt(Math.max(1, first.length));
  const chosen = new Set([...first.slice(from), ...first.slice(0, from)].slice(0, INDICES));
  return (row) => chosen.has(row);
}

/** @returns the places of the last records of chains with which the map of the tree does not end these chains */
export async function findMapFaults(
  db: ClientBase,
  rows: readonly PlacedRow[],
  tree: Pick<StoredTree, 'size' | 'mapRoot'>,
): Promise<string[]> {
  const last = rows.filter((row) => row.person_index !== null && row.is_last);
  if (last.length === 0) return [];
  const entries = await entriesOf(db, last.map((row) => row.person_index!), tree); // prettier-ignore
  return last.flatMap(({ place, number, link }, at) => {
    const entry = entries[at];
    const isEnd = entry?.count === Number(number) && link !== null && isSameHash(entry.head, link);
    return isEnd ? [] : [place];
  });
}

/** @returns no entries for a stored map that is not whole, or not that of the tree */
async function entriesOf(
  db: ClientBase,
  indices: readonly Uint8Array[],
  { size, mapRoot }: Pick<StoredTree, 'size' | 'mapRoot'>,
): Promise<readonly (MapEntry | undefined)[]> {
  const read = readingOnce(nodesAt(db, size));
  try {
    return isSameHash(await rootOfMap(read), mapRoot) ? await findEntries(indices, read) : [];
  } catch (error) {
    if (error instanceof StoredNodeError) return [];
    throw error;
  }
}
