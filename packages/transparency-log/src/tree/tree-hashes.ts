import { EMPTY_ROOT, HASH_BYTES, hashChildren, hashPairs } from './hashes.ts';
import { type Range, type Subtree, subtreesOf } from './ranges.ts';
import { TILE_WIDTH, type Tile, type TileId, tileOf } from './tiles.ts';

/**
 * Reads tiles: called once with all that is needed, and not at all when that is nothing. It may answer in any order, and with
 * tiles wider than asked. The bytes of a tile must not change: its nodes are remembered with it.
 */
export type ReadTiles = (ids: readonly TileId[]) => Promise<readonly Tile[]>;

/** The levels of the tree that one tile holds. */
const TILE_HEIGHT = 8;

/** The tile of a tree of this size that holds a subtree: its root itself or the roots of what it consists of. */
function tileIdOf({ height, index }: Subtree, size: number): TileId {
  const level = Math.floor(height / TILE_HEIGHT);
  const firstHash = index * 2 ** (height % TILE_HEIGHT);
  const tileIndex = Math.floor(firstHash / TILE_WIDTH);
  const hashesOfLevel = Math.floor(size / 256 ** level);
  return { level, index: tileIndex, width: Math.min(TILE_WIDTH, hashesOfLevel - tileIndex * TILE_WIDTH) };
}

const keyOf = ({ level, index }: TileId): string => `${level}/${index}`;

/**
 * Reads what the hashes of ranges need of a tree of this size, in one round.
 *
 * @returns the hash of each of those ranges
 */
export async function readRanges(
  ranges: readonly Range[],
  size: number,
  readTiles: ReadTiles,
): Promise<(range: Range) => Uint8Array> {
  const ids = new Map<string, TileId>();
  for (const subtree of ranges.flatMap(subtreesOf)) {
    const id = tileIdOf(subtree, size);
    ids.set(keyOf(id), id);
  }
  const wanted = [...ids.values()];
  const read = wanted.length === 0 ? [] : await readTiles(wanted);
  const tiles = new Map(wanted.map((id) => [keyOf(id), subtreesIn(tileOf(read, id))]));

  const hashOf = (subtree: Subtree): Uint8Array => {
    const height = subtree.height % TILE_HEIGHT;
    const hashes = tiles.get(keyOf(tileIdOf(subtree, size)))!(height);
    const place = subtree.index % (TILE_WIDTH / 2 ** height);
    return hashes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES);
  };
  return (range) => rootOfHashes(subtreesOf(range).map(hashOf));
}

/** The nodes of each tile by height, as long as somebody keeps the tile. */
const nodesOfTiles = new WeakMap<Tile, Uint8Array[]>();

/**
 * The roots of the whole subtrees of one height in a tile, one after the other. A proof needs nearly all of a tile's nodes, so those
 * of a height are hashed together, once: also over many proofs, when the same tile is read again.
 */
function subtreesIn(tile: Tile): (height: number) => Uint8Array {
  const heights = nodesOfTiles.get(tile) ?? [tile.hashes];
  nodesOfTiles.set(tile, heights);
  return (height) => {
    while (heights.length <= height) heights.push(hashPairs(heights.at(-1)!));
    return heights[height]!;
  };
}

/** The root over the roots of complete subtrees from left to right, each higher than the next. */
export function rootOfHashes(hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.length === 0 ? EMPTY_ROOT : hashes.reduceRight((right, left) => hashChildren(left, right));
}
