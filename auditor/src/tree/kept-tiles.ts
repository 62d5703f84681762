import type { Tile, TileId } from '@pessoa/transparency-log/tree/tiles';
import { type ReadStoredTiles, readTiles } from './stored-tree.ts';

/** A tile and its nodes have 16 KiB. Of a log of ten million records, the tiles above the leaves are some 160. */
const TILES_MAX = 1_024;

/**
 * Reads tiles, and keeps those that were asked for last, 1,024 at most, with the nodes that proofs hash from them. A tile only grows, so a kept
 * one is read again when more of it is asked for, and when it is to be as it is now. For one log: two logs have tiles of the same names.
 */
export function keptTiles(): ReadStoredTiles {
  const kept = new Map<string, Tile>(); // in the order in which they were asked for
  function keep(tile: Tile): void {
    kept.delete(nameOf(tile));
    kept.set(nameOf(tile), tile);
    if (kept.size > TILES_MAX) kept.delete(kept.keys().next().value!);
  }
  return async (db, ids, when) => {
    const found = ids.map((id) => (when === 'now' ? undefined : asWideAs(id, kept.get(nameOf(id)))));
    const missing = ids.filter((_, at) => !found[at]);
    const read = (await readTiles(db, missing)).values();
    const tiles = found.map((tile) => tile ?? read.next().value!);
    for (const tile of tiles) keep(tile);
    return tiles;
  };
}

const nameOf = ({ level, index }: TileId): string => `${level}/${index}`;

const asWideAs = ({ width }: TileId, tile: Tile | undefined): Tile | undefined =>
  tile && tile.width >= width ? tile : undefined;
