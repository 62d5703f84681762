import { hash } from 'node:crypto';

/** A flat record, as the audit keeps it. */
export type FlatRecord = Readonly<Record<string, string | boolean | number | readonly string[] | null>>;

/** The length of a nonce, in bytes. */
export const NONCE_BYTES = 32;

/**
 * The one way to write a record as bytes: RFC 8785 (JSON Canonicalization Scheme) in UTF-8, with names in the order of their
 * UTF-16 code units.
 *
 * @throws RangeError for a number that is not finite, and for text with half a surrogate pair; neither has one way to be written
 */
export function canonicalRecord(record: FlatRecord): Uint8Array {
  const members = Object.keys(record)
    .toSorted(byCodeUnits)
    .map((name) => `${canonicalText(name)}:${canonicalValue(record[name]!)}`);
  return Buffer.from(`{${members.join(',')}}`, 'utf8');
}

/**
 * The entry of the log for a record. Nobody learns from it whether it is that of a guessed record without the nonce.
 *
 * @param nonce 32 random bytes, of this record alone
 */
export function entryOf(nonce: Uint8Array, canonical: Uint8Array): Uint8Array {
  if (nonce.length !== NONCE_BYTES) throw new RangeError(`A nonce has ${NONCE_BYTES} bytes.`);
  return hash('sha256', Buffer.concat([nonce, canonical]), 'buffer');
}

const byCodeUnits = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function canonicalValue(value: FlatRecord[string]): string {
  if (typeof value === 'string') return canonicalText(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${value} has no form in JSON.`);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return JSON.stringify(value);
  throw new RangeError('A record is flat: its values are texts, numbers, booleans, lists of texts, and null.');
}

function canonicalText(text: string): string {
  if (typeof text !== 'string') throw new RangeError('A list of a record has texts only.');
  if (!text.isWellFormed()) throw new RangeError('A text of the record has half a surrogate pair.');
  return JSON.stringify(text);
}
