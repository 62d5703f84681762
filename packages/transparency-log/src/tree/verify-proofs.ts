import { EMPTY_ROOT, HASH_BYTES, hashChildren, isSameHash } from './hashes.ts';

/** A proof does not show what it should. Its message is one sentence. */
export class ProofError extends Error {}

export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/**
 * Verifies that the leaf at an index is in the tree of this size and root (RFC 9162, section 2.1.3.2).
 *
 * @throws ProofError
 */
export function verifyInclusion({ leafHash, index, size, proof, root }: InclusionClaim): void {
  checkNumbers(index, size);
  checkHashes([leafHash, root, ...proof]);
  if (index >= size) throw new ProofError(`A tree of ${size} leaves has no leaf ${index}.`);
  let node = index;
  let last = size - 1; // the last node of its level
  let hash = leafHash;
  for (const sibling of proof) {
    if (last === 0) throw new ProofError('The inclusion proof has too many hashes.');
    if (isOdd(node) || node === last) {
      hash = hashChildren(sibling, hash);
      // The right edge has no sibling at these levels.
      for (; !isOdd(node) && node !== 0; node = half(node)) last = half(last);
    } else {
      hash = hashChildren(hash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  if (last !== 0) throw new ProofError('The inclusion proof has too few hashes.');
  if (!isSameHash(hash, root)) throw new ProofError('The inclusion proof leads to another root.');
}

export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly newSize: number;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Verifies that the new tree begins with the leaves of the old one (RFC 9162, section 2.1.4.2). Every tree begins with the
 * empty one.
 *
 * @throws ProofError
 */
export function verifyConsistency({ oldSize, oldRoot, newSize, newRoot, proof }: ConsistencyClaim): void {
  checkNumbers(oldSize, newSize);
  checkHashes([oldRoot, newRoot, ...proof]);
  if (oldSize > newSize) throw new ProofError(`The new tree has ${newSize} leaves, and the old one had ${oldSize}.`);
  if ((oldSize === 0 && !isSameHash(oldRoot, EMPTY_ROOT)) || (newSize === 0 && !isSameHash(newRoot, EMPTY_ROOT))) {
    throw new ProofError('The root of a tree without leaves is not that of the empty tree.');
  }
  if (oldSize === newSize && !isSameHash(oldRoot, newRoot)) {
    throw new ProofError(`Two trees of ${newSize} leaves have different roots.`);
  }
  if (oldSize === 0 || oldSize === newSize) {
    if (proof.length > 0) throw new ProofError('The consistency proof has too many hashes.');
    return;
  }

  // Where the old tree is a complete subtree of the new one, its root is left out of the proof.
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  if (!first || proof.length === 0) throw new ProofError('The consistency proof has too few hashes.');
  let node = oldSize - 1;
  let last = newSize - 1; // the last node of its level
  for (; isOdd(node); node = half(node)) last = half(last);
  let oldHash = first;
  let newHash = first;
  for (const sibling of rest) {
    if (last === 0) throw new ProofError('The consistency proof has too many hashes.');
    if (isOdd(node) || node === last) {
      oldHash = hashChildren(sibling, oldHash);
      newHash = hashChildren(sibling, newHash);
      for (; !isOdd(node) && node !== 0; node = half(node)) last = half(last);
    } else {
      newHash = hashChildren(newHash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  if (last !== 0) throw new ProofError('The consistency proof has too few hashes.');
  if (!isSameHash(oldHash, oldRoot)) throw new ProofError('The consistency proof leads to another old root.');
  if (!isSameHash(newHash, newRoot)) throw new ProofError('The consistency proof leads to another new root.');
}

// Bit operations of JavaScript cut numbers to 32 bits; these are exact up to 2^53 - 1.
const isOdd = (number: number): boolean => number % 2 === 1;
const half = (number: number): number => Math.floor(number / 2);

function isPowerOfTwo(number: number): boolean {
  let odd = number;
  while (!isOdd(odd)) odd /= 2;
  return odd === 1;
}

function checkNumbers(...numbers: readonly number[]): void {
  const wrong = numbers.find((number) => !Number.isSafeInteger(number) || number < 0);
  if (wrong !== undefined) throw new ProofError(`${wrong} is not a number of leaves.`);
}

function checkHashes(hashes: readonly Uint8Array[]): void {
  if (hashes.some(({ length }) => length !== HASH_BYTES)) throw new ProofError('A hash of the proof has not 32 bytes.');
}
