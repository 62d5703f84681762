import { decodeEntryBundle, EntryBundleError } from '@pessoa/transparency-log/tiles/entry-bundle';
import { type EntriesId, tilePath } from '@pessoa/transparency-log/tiles/tile-paths';
import { growTree } from '@pessoa/transparency-log/tree/growing-tree';
import { hashLeaf, isSameHash } from '@pessoa/transparency-log/tree/hashes';
import { TILE_WIDTH, type Tile, type TileId } from '@pessoa/transparency-log/tree/tiles';
import { inTurns, type PublishedLog } from './published-log.ts';
import type { TrustedCheckpoint } from './trusted-checkpoint.ts';
import { VerificationError } from './verification-error.ts';

/** Bundles that are read before their leaves are appended: 4 MB of entries of 32 bytes at the most. */
const BUNDLES_AT_ONCE = 512;

/**
 * Verifies every entry and every tile that the log publishes: it builds the tree of a checkpoint anew from all entries.
 *
 * @throws VerificationError that names the first tile or bundle that is not what the entries give
 */
export async function verifyWholeLog({ size, root }: TrustedCheckpoint, log: PublishedLog): Promise<void> {
  const bundles = bundlesOf(size);
  let tree: { readonly size: number; readonly root: Uint8Array } = growTree(0, [], []);
  let open: readonly Tile[] = [];
  for (let first = 0; first < bundles.length; first += BUNDLES_AT_ONCE) {
    const ids = bundles.slice(first, first + BUNDLES_AT_ONCE);
    const leafHashes = (await inTurns(ids, (id) => leafHashesOf(id, log))).flat();
    const grown = growTree(tree.size, open, leafHashes);
    await verifyTiles(grown.tiles.filter(isFull), log);
    open = latestOf([...open, ...grown.tiles]);
    tree = grown;
  }
  await verifyTiles(
    open.filter((tile) => !isFull(tile)),
    log,
  );
  if (!isSameHash(tree.root, root)) {
    throw new VerificationError(`The published entries do not give the root of the checkpoint of ${size} places.`);
  }
}

const isFull = ({ width }: Tile): boolean => width === TILE_WIDTH;

const bundlesOf = (size: number): EntriesId[] =>
  Array.from({ length: Math.ceil(size / TILE_WIDTH) }, (_, index) => ({
    level: 'entries',
    index,
    width: Math.min(TILE_WIDTH, size - index * TILE_WIDTH),
  }));

async function leafHashesOf(id: EntriesId, log: PublishedLog): Promise<Uint8Array[]> {
  const bytes = await log.readBundle(id);
  try {
    const entries = decodeEntryBundle(bytes).slice(0, id.width);
    if (entries.length === id.width) return entries.map(hashLeaf);
  } catch (error) {
    if (!(error instanceof EntryBundleError)) throw error;
  }
  throw new VerificationError(`The log's ${tilePath(id)} does not hold ${id.width} entries.`);
}

async function verifyTiles(expected: readonly Tile[], log: PublishedLog): Promise<void> {
  const published = await log.readTiles(expected.map(({ level, index, width }): TileId => ({ level, index, width })));
  for (const [place, tile] of expected.entries()) {
    if (!isSameHash(published[place]!.hashes, tile.hashes)) {
      throw new VerificationError(`The log's ${tilePath(tile)} is not what the published entries give.`);
    }
  }
}

/** The last tile of each level. */
const latestOf = (tiles: readonly Tile[]): Tile[] => [...new Map(tiles.map((tile) => [tile.level, tile])).values()];
