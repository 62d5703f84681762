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

/** The bytes of the node that is hashed now. New ones for each node would cost as much as its hash. */
const node = new Uint8Array(1 + 2 * HASH_BYTES);
node[0] = 1;

/** The hash of a node with these children, each of 32 bytes. */
export function hashChildren(left: Uint8Array, right: Uint8Array): Uint8Array {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return hash('sha256', node, 'buffer');
}

/** The hashes of the nodes over these nodes, two by two, one after the other. An odd last one is left out. */
export function hashPairs(hashes: Uint8Array): Uint8Array {
  const count = Math.floor(hashes.length / (2 * HASH_BYTES));
  const parents = new Uint8Array(count * HASH_BYTES);
  for (let at = 0; at < count; at++) {
    node.set(hashes.subarray(at * 2 * HASH_BYTES, (at + 1) * 2 * HASH_BYTES), 1);
    parents.set(hash('sha256', node, 'buffer'), at * HASH_BYTES);
  }
  return parents;
}

export const isSameHash = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);
