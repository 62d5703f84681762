import { hash } from 'node:crypto';

/** The length of every hash, in bytes: SHA-256. */
export const HASH_BYTES = 32;

/** The root of a tree without leaves (RFC 6962, section 2.1). */
export const EMPTY_ROOT: Uint8Array = hash('sha256', new Uint8Array(0), 'buffer');

/** The hash of a leaf with this entry. Its prefix keeps an entry from passing as a node, and a node as an entry. */
export function hashLeaf(entry: Uint8Array): Uint8Array {
  const leaf = new Uint8Array(1 + entry.length);
  leaf.set(entry, 1);
  return hash('sha256', leaf, 'buffer');
}

/** The hash of a node with these children, each of 32 bytes. */
export function hashChildren(left: Uint8Array, right: Uint8Array): Uint8Array {
  const node = new Uint8Array(1 + 2 * HASH_BYTES);
  node[0] = 1;
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return hash('sha256', node, 'buffer');
}

export const isSameHash = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);
