import { hash } from 'node:crypto';
import { HASH_BYTES } from '../tree/hashes.ts';

/** The head of a chain without entries. */
export const EMPTY_LINK: Uint8Array = new Uint8Array(HASH_BYTES);

/** The link after one more entry of a person: SHA-256(0x02 ‖ link before ‖ entry), so that it commits to all entries so far. */
export function nextLink(link: Uint8Array, entry: Uint8Array): Uint8Array {
  if (link.length !== HASH_BYTES || entry.length !== HASH_BYTES) throw new RangeError('A link and an entry have 32 bytes each.'); // prettier-ignore
  return hash('sha256', Buffer.concat([Buffer.of(2), link, entry]), 'buffer');
}

/** The head of the chain of these entries, the first read first. */
export const chainHead = (entries: readonly Uint8Array[]): Uint8Array => entries.reduce(nextLink, EMPTY_LINK);
