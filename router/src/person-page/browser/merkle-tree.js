import { sha256 } from './bytes.js';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of a leaf (RFC 6962, section 2.1). @param {Uint8Array} entry */
export const hashLeaf = (entry) => sha256(LEAF, entry);

/**
 * The root to which an inclusion proof leads (RFC 9162, section 2.1.3.2).
 *
 * @param {{ leaf: Uint8Array, index: number, size: number, path: readonly Uint8Array[] }} claim
 * @returns {Promise<Uint8Array | undefined>} undefined when a tree of this size has no such leaf, or its path another length
 */
export async function rootOf({ leaf, index, size, path }) {
  if (index >= size) return undefined;
  // Bit operations of JavaScript cut numbers to 32 bits; these are exact up to 2^53 - 1.
  const isOdd = (/** @type {number} */ number) => number % 2 === 1;
  const half = (/** @type {number} */ number) => Math.floor(number / 2);
  let node = index;
  let last = size - 1; // the last node of its level
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (isOdd(node) || node === last) {
      hash = await sha256(NODE, sibling, hash);
      // The right edge has no sibling at these levels.
      for (; !isOdd(node) && node !== 0; node = half(node)) last = half(last);
    } else {
      hash = await sha256(NODE, hash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 ? hash : undefined;
}
