import { consistencyRanges, inclusionRanges } from './ranges.ts';
import { checkSize } from './tiles.ts';
import { readRanges, type ReadTiles } from './tree-hashes.ts';

export type { ReadTiles };

/**
 * Proves that the leaf at an index is in the tree of this size, up to 2^53 - 1.
 *
 * @throws RangeError when the tree has no such leaf
 */
export async function inclusionProof(index: number, size: number, readTiles: ReadTiles): Promise<Uint8Array[]> {
  const [proof] = await inclusionProofs([index], size, readTiles);
  return proof!;
}

/** The inclusion proofs of several leaves, in the order of their indexes. All tiles are read at once. */
export async function inclusionProofs(
  indexes: readonly number[],
  size: number,
  readTiles: ReadTiles,
): Promise<Uint8Array[][]> {
  checkSize(size);
  for (const index of indexes) {
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
      throw new RangeError(`A tree of ${size} leaves has no leaf ${index}.`);
    }
  }
  const ranges = indexes.map((index) => inclusionRanges(index, size));
  const hashOf = await readRanges(ranges.flat(), size, readTiles);
  return ranges.map((ofProof) => ofProof.map(hashOf));
}

/**
 * Proves that the tree of the new size begins with the leaves of the tree of the old size. The proof is empty when the old
 * tree has no leaves or as many.
 *
 * @throws RangeError when the old size is above the new one
 */
export async function consistencyProof(oldSize: number, newSize: number, readTiles: ReadTiles): Promise<Uint8Array[]> {
  checkSize(oldSize);
  checkSize(newSize);
  if (oldSize > newSize) throw new RangeError(`A tree of ${newSize} leaves cannot begin with ${oldSize} leaves.`);
  const ranges = consistencyRanges(oldSize, newSize);
  const hashOf = await readRanges(ranges, newSize, readTiles);
  return ranges.map(hashOf);
}

/**
 * The root of the tree of this size.
 *
 * @param readSize the size of the tree whose tiles are read, when it has grown since. Default: the same size
 */
export async function treeRoot(size: number, readTiles: ReadTiles, readSize = size): Promise<Uint8Array> {
  checkSize(size);
  checkSize(readSize);
  if (size > readSize) throw new RangeError(`A tree of ${readSize} leaves cannot begin with ${size} leaves.`);
  const whole = { start: 0, end: size };
  const hashOf = await readRanges([whole], readSize, readTiles);
  return hashOf(whole);
}
