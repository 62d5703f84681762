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
  const names = Object.keys(record).toSorted(byCodeUnits);
  for (const name of names) {
    requireText(name);
    requireFlat(record[name]);
  }
  // With a list of names, JSON.stringify writes these members in this order.
  return Buffer.from(JSON.stringify(record, names), 'utf8');
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

function requireFlat(value: unknown): void {
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'string') requireText(value);
  else if (typeof value === 'number') requireFinite(value);
  else if (Array.isArray(value)) value.forEach(requireText);
  else throw new RangeError('A record is flat: its values are texts, numbers, booleans, lists of texts, and null.');
}

function requireFinite(value: number): void {
  if (!Number.isFinite(value)) throw new RangeError(`${value} has no form in JSON.`);
}

function requireText(text: unknown): void {
  if (typeof text !== 'string') throw new RangeError('A list of a record has texts only.');
  if (!text.isWellFormed()) throw new RangeError('A text of the record has half a surrogate pair.');
}
