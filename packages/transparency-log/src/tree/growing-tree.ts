import { HASH_BYTES, hashChildren } from './hashes.ts';
import { checkSize, hashAt, openTileIds, TILE_WIDTH, type Tile, tileOf } from './tiles.ts';
import { rootOfHashes } from './tree-hashes.ts';

export interface GrownTree {
  readonly size: number;
  readonly root: Uint8Array;
  /** Every tile that is new or wider than before, at its widest, from the leaves up. */
  readonly tiles: Tile[];
}

/**
 * Appends leaves to a tree.
 *
 * @param size of the tree before
 * @param openTiles the tiles that `openTileIds(size)` names; of a wider one, its first hashes count
 * @param leafHashes of 32 bytes each, in the order of their places
 * @throws Error when an open tile is missing; RangeError when a leaf hash is not 32 bytes, or at 2^53 leaves
 */
export function growTree(size: number, openTiles: readonly Tile[], leafHashes: readonly Uint8Array[]): GrownTree {
  const grownSize = size + leafHashes.length;
  checkSize(grownSize);
  if (leafHashes.some(({ length }) => length !== HASH_BYTES)) throw new RangeError('A leaf hash has not 32 bytes.');

  const openIds = new Map(openTileIds(size).map((id) => [id.level, id]));
  const tiles: Tile[] = [];
  const rightEdge: Uint8Array[] = [];
  let added = leafHashes;
  let count = size; // the hashes that this level had before
  for (let level = 0; count + added.length > 0; level += 1) {
    const openId = openIds.get(level);
    const open = openId ? hashesOf(tileOf(openTiles, openId), openId.width) : [];
    const hashes = [...open, ...added];
    let index = Math.floor(count / TILE_WIDTH);
    const roots: Uint8Array[] = [];
    let first = 0;
    for (; hashes.length - first >= TILE_WIDTH; first += TILE_WIDTH, index += 1) {
      const full = hashes.slice(first, first + TILE_WIDTH);
      tiles.push(tileWith(level, index, full));
      roots.push(rootOfComplete(full));
    }
    const rest = hashes.slice(first);
    if (rest.length > 0 && added.length > 0) tiles.push(tileWith(level, index, rest));
    rightEdge.unshift(...rootsOfSubtrees(rest));
    added = roots;
    count = Math.floor(count / TILE_WIDTH);
  }
  return { size: grownSize, root: rootOfHashes(rightEdge), tiles };
}

const hashesOf = (tile: Tile, width: number): Uint8Array[] =>
  Array.from({ length: width }, (_, place) => hashAt(tile, place));

const tileWith = (level: number, index: number, hashes: readonly Uint8Array[]): Tile => ({
  level,
  index,
  width: hashes.length,
  hashes: Buffer.concat(hashes),
});

/** The roots of the complete subtrees of which an open tile consists, from left to right. */
function rootsOfSubtrees(hashes: readonly Uint8Array[]): Uint8Array[] {
  const roots: Uint8Array[] = [];
  let first = 0;
  for (let width = TILE_WIDTH / 2; width >= 1; width /= 2) {
    if (hashes.length - first < width) continue;
    roots.push(rootOfComplete(hashes.slice(first, first + width)));
    first += width;
  }
  return roots;
}

/** The root over as many hashes as a power of two. */
function rootOfComplete(hashes: readonly Uint8Array[]): Uint8Array {
  let level = hashes;
  while (level.length > 1) {
    const below = level;
    level = Array.from({ length: below.length / 2 }, (_, pair) => hashChildren(below[pair * 2]!, below[pair * 2 + 1]!));
  }
  return level[0]!;
}
