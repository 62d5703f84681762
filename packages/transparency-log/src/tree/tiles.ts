import { HASH_BYTES } from './hashes.ts';

/** The number of hashes of a full tile: eight levels of the tree (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;

export interface TileId {
  /** 0 for leaf hashes; each hash of a level above is the root of a full tile of the level below. */
  readonly level: number;
  /** The place of the tile in its level, from 0. */
  readonly index: number;
  /** The number of hashes, 1 to 256. */
  readonly width: number;
}

export interface Tile extends TileId {
  /** `width` hashes of 32 bytes, one after the other. */
  readonly hashes: Uint8Array;
}

/** The partial tiles on the right edge of a tree of this size, from the leaves up. A level that ends in a full tile has none. */
export function openTileIds(size: number): TileId[] {
  checkSize(size);
  const ids: TileId[] = [];
  for (let level = 0, count = size; count > 0; level += 1) {
    const width = count % TILE_WIDTH;
    count = (count - width) / TILE_WIDTH;
    if (width > 0) ids.push({ level, index: count, width });
  }
  return ids;
}

/** The hash at this place of a tile, a view of the tile's bytes. */
export const hashAt = (tile: Tile, place: number): Uint8Array =>
  tile.hashes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES);

/**
 * Finds a tile among those that were read. A wider tile serves too, because it begins with the hashes of a narrower one.
 *
 * @throws Error when there is none as wide as asked, or when one has another number of bytes than its width says
 */
export function tileOf(tiles: readonly Tile[], { level, index, width }: TileId): Tile {
  const tile = tiles.find((candidate) => candidate.level === level && candidate.index === index);
  if (!tile || tile.width < width) {
    throw new Error(`Tile ${index} of level ${level} was not read with ${width} hashes.`);
  }
  if (tile.hashes.length !== tile.width * HASH_BYTES) {
    throw new Error(`Tile ${index} of level ${level} has not the ${tile.width} hashes that it says.`);
  }
  return tile;
}

/** @throws RangeError unless it is a whole number from 0 to 2^53 - 1, which this package computes exactly */
export function checkSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`${size} is not the size of a tree.`);
}
