import { hash } from 'node:crypto';
import { HASH_BYTES, hashChildren } from '../tree/hashes.ts';

/** What the map says of one person. */
export interface MapEntry {
  /** 32 bytes. */
  readonly index: Uint8Array;
  /** The number of entries in the person's chain, from 1. */
  readonly count: number;
  /** The head of the chain, 32 bytes. */
  readonly head: Uint8Array;
}

/** The root of a map without entries, and the hash of every subtree without any. */
export const EMPTY_MAP_ROOT: Uint8Array = new Uint8Array(HASH_BYTES);

/** The number of bits of an index. */
export const INDEX_BITS = 8 * HASH_BYTES;

/** A bit of an index, the most significant first: 0 is left. */
export const bitAt = (index: Uint8Array, place: number): number => (index[place >> 3]! >> (7 - (place & 7))) & 1;

/** Whether an index and a head have 32 bytes, and a count is a whole number from 1 to 2^53 - 1. */
export const isEntry = ({ index, count, head }: MapEntry): boolean =>
  index.length === HASH_BYTES && head.length === HASH_BYTES && Number.isSafeInteger(count) && count >= 1;

export const ENTRY_BYTES = 2 * HASH_BYTES + 8;

/** The bytes of the leaf that is hashed now: 0x00, and its entry. */
const leaf = new Uint8Array(1 + ENTRY_BYTES);
const leafView = new DataView(leaf.buffer);

function writeLeaf({ index, count, head }: MapEntry): void {
  leaf.set(index, 1);
  leafView.setBigUint64(1 + HASH_BYTES, BigInt(count));
  leaf.set(head, 1 + ENTRY_BYTES - HASH_BYTES);
}

/** A right entry in bytes: index, count as uint64 with the higher byte first, head. */
export function encodeEntry(entry: MapEntry): Uint8Array {
  writeLeaf(entry);
  return leaf.slice(1);
}

/** @param bytes 72 bytes that `encodeEntry` wrote */
export function decodeEntry(bytes: Uint8Array): MapEntry {
  const count = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(HASH_BYTES);
  return {
    index: bytes.subarray(0, HASH_BYTES),
    count: Number(count),
    head: bytes.subarray(ENTRY_BYTES - HASH_BYTES),
  };
}

/** The hash of a subtree with this right entry alone, at any height. */
export function hashEntry(entry: MapEntry): Uint8Array {
  writeLeaf(entry);
  return hash('sha256', leaf, 'buffer');
}

/** A subtree of the map: without entries, with one, or the hash of one with two or more. */
export type Subtree = undefined | { readonly entry: MapEntry } | { readonly hash: Uint8Array };

export const hashSubtree = (subtree: Subtree): Uint8Array =>
  subtree === undefined ? EMPTY_MAP_ROOT : 'entry' in subtree ? hashEntry(subtree.entry) : subtree.hash;

/** The subtree over two. One entry alone is the same subtree at every height, so that a path is as long as it must be. */
export function joinSubtrees(left: Subtree, right: Subtree): Subtree {
  if (left === undefined && !(right && 'hash' in right)) return right;
  if (right === undefined && !(left && 'hash' in left)) return left;
  return { hash: hashChildren(hashSubtree(left), hashSubtree(right)) };
}
