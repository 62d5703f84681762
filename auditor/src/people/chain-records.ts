import { randomBytes } from 'node:crypto';
import type { RecordRow } from '@pessoa/audit/record-row';
import type { MapEntry } from '@pessoa/transparency-log/map/map-entry';
import { EMPTY_LINK, nextLink } from '@pessoa/transparency-log/map/person-chain';
import { entryOf, NONCE_BYTES } from '@pessoa/transparency-log/records/canonical-record';
import { ContradictionError } from '../contradiction-error.ts';
import { type AuditRecord, canonicalOf, type ChainPlace, toRecord } from '../records/audit-record.ts';
import type { PersonKeys } from './person-keys.ts';

/** A record with all that its leaf stores. */
export interface NewLeaf {
  readonly record: AuditRecord;
  readonly nonce: Uint8Array;
  readonly entry: Uint8Array;
  /** Its place in the chain of its person, and the link after it. Undefined: it is in no chain. */
  readonly chain: (ChainPlace & { readonly link: Uint8Array }) | undefined;
}

/** A row, and the index of its person where that is known. */
export interface IdentifiedRow {
  readonly row: RecordRow;
  readonly index: Uint8Array | undefined;
}

/**
 * Makes the entries of records, and appends each to the chain of its person, in the order given. A person's index is stored together with
 * the begin of the chain. So one that is stored, and of which the map knows no chain, was put there by somebody else, to begin a second
 * chain: a record under it is in no chain.
 *
 * @param present what the map says of these people
 * @param added the indices of people whose chains begin now
 * @throws ContradictionError when a chain that begins now is in the map already
 * @returns the leaves, and what the map says of each person with a new record
 */
export function chainRecords(
  rows: readonly IdentifiedRow[],
  present: readonly (MapEntry | undefined)[],
  added: Iterable<Uint8Array>,
  keys: PersonKeys,
): { leaves: NewLeaf[]; changed: MapEntry[] } {
  const entries = new Map(present.flatMap((entry) => (entry ? [[hexOf(entry.index), entry] as const] : [])));
  for (const index of added) {
    if (entries.has(hexOf(index)))
      throw new ContradictionError('a person who has a chain in the map is not stored any more');
    entries.set(hexOf(index), { index, count: 0, head: EMPTY_LINK });
  }
  const changed = new Map<string, MapEntry>();
  const leaves = rows.map(({ row, index }): NewLeaf => {
    const nonce = randomBytes(NONCE_BYTES);
    const before = index && entries.get(hexOf(index));
    const place = before && { personIndex: before.index, number: before.count + 1 };
    const record = toRecord(row, nonce, place, keys);
    const entry = entryOf(nonce, canonicalOf(record));
    if (!before || !place) return { record, nonce, entry, chain: undefined };
    const link = nextLink(before.head, entry);
    const chained = { index: place.personIndex, count: place.number, head: link };
    entries.set(hexOf(chained.index), chained);
    changed.set(hexOf(chained.index), chained);
    return { record, nonce, entry, chain: { ...place, link } };
  });
  return { leaves, changed: [...changed.values()] };
}

const hexOf = (index: Uint8Array): string => Buffer.from(index).toString('hex');
