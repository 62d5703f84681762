import fc from 'fast-check';
import { growTree } from '../../src/tree/growing-tree.ts';
import { openTileIds, type Tile, type TileId } from '../../src/tree/tiles.ts';
import { treeRoot } from '../../src/tree/tree-proofs.ts';
import { denseTree, hex, NaiveTree, OTHER_LEAF } from './naive-tree.ts';

const key = ({ level, index }: TileId): string => `${level}/${index}`;
const { tree, leaves } = denseTree(1_400);

/** Every tile of a tree that grew in steps, at its widest. */
class Tiles {
  readonly tiles = new Map<string, Tile>();
  size = 0;
  root: Uint8Array | undefined;

  grow(leafHashes: readonly Uint8Array[]): readonly Tile[] {
    const open = openTileIds(this.size).map((id) => this.tiles.get(key(id))!);
    const grown = growTree(this.size, open, leafHashes);
    for (const tile of grown.tiles) {
      expect(tile.width).toBeGreaterThan(this.tiles.get(key(tile))?.width ?? 0);
      this.tiles.set(key(tile), tile);
    }
    this.size = grown.size;
    this.root = grown.root;
    return grown.tiles;
  }
}

describe('A growing tree', () => {
  it('has the root of the definition after each of 700 leaves', () => {
    const grown = new Tiles();
    for (const [index, leaf] of leaves.slice(0, 700).entries()) {
      grown.grow([leaf]);
      expect(hex(grown.root!)).toBe(hex(tree.hash(0, index + 1)));
    }
  });

  it('has the same tiles and root in whatever steps it grew', async () => {
    const steps = fc.array(fc.nat({ max: 600 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(steps, async (counts) => {
        const grown = new Tiles();
        for (const count of counts) {
          grown.grow(leaves.slice(grown.size, grown.size + count));
          expect(hex(grown.root!)).toBe(hex(tree.hash(0, grown.size)));
        }
        const ids = [...grown.tiles.values()];
        const defined = await tree.readTiles(ids);
        for (const [place, { hashes }] of defined.entries()) expect(hex(ids[place]!.hashes)).toBe(hex(hashes));
        expect(hex(await treeRoot(grown.size, async () => ids))).toBe(hex(grown.root!));
      }),
      generatedProperty(300),
    );
  });

  // Below the boundary, at it and above it, from before it and from it, up to the last size that is exact.
  const boundaries = [256, 512, 65_536, 65_536 + 256, 2 ** 24, 2 ** 32, 2 ** 40 + 256, 2 ** 48, 2 ** 53 - 4];
  it.each(boundaries.flatMap((size) => [-2, -1, 0, 1].map((offset) => size + offset)))(
    'grows from %i leaves as the definition does',
    async (size) => {
      const added = leaves.slice(0, Math.min(300, Number.MAX_SAFE_INTEGER - size));
      const large = new NaiveTree(added.map((leaf, index) => [size + index, leaf] as const));
      for (const count of [0, 1, 2, added.length]) {
        const grown = growTree(size, await large.readTiles(openTileIds(size)), added.slice(0, count));
        expect(grown.size).toBe(size + count);
        expect(hex(grown.root)).toBe(hex(large.hash(0, size + count)));
        for (const [place, { hashes }] of (await large.readTiles(grown.tiles)).entries()) {
          expect(hex(grown.tiles[place]!.hashes)).toBe(hex(hashes));
        }
      }
    },
  );

  it('names a tile only when it is new or wider', () => {
    expect(growTree(0, [], []).tiles).toEqual([]);
    const grown = new Tiles();
    const widths = (tiles: readonly Tile[]) => tiles.map((tile) => `${key(tile)}:${tile.width}`);
    expect(widths(grown.grow(leaves.slice(0, 255)))).toEqual(['0/0:255']);
    expect(widths(grown.grow(leaves.slice(255, 256)))).toEqual(['0/0:256', '1/0:1']);
    expect(widths(grown.grow([]))).toEqual([]);
    expect(widths(grown.grow(leaves.slice(256, 257)))).toEqual(['0/1:1']);
    expect(widths(grown.grow(leaves.slice(257, 1_025)))).toEqual(['0/1:256', '0/2:256', '0/3:256', '0/4:1', '1/0:4']);
  });

  it('knows the open tiles of a size', () => {
    expect(openTileIds(0)).toEqual([]);
    expect(openTileIds(256)).toEqual([{ level: 1, index: 0, width: 1 }]);
    // The example of C2SP tlog-tiles.
    expect(openTileIds(70_000)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
  });

  it('uses the first hashes of an open tile that is wider', () => {
    const { tiles } = growTree(0, [], leaves.slice(0, 200));
    expect(hex(growTree(100, tiles, leaves.slice(100, 110)).root)).toBe(hex(tree.hash(0, 110)));
  });

  it('refuses an open tile that is missing, too narrow or of another length, and a leaf hash that is no hash', () => {
    const { tiles } = growTree(0, [], leaves.slice(0, 100));
    expect(() => growTree(100, [], [OTHER_LEAF])).toThrow('Tile 0 of level 0 was not read with 100 hashes.');
    expect(() => growTree(101, tiles, [OTHER_LEAF])).toThrow('Tile 0 of level 0 was not read with 101 hashes.');
    const short = tiles.map((tile) => ({ ...tile, hashes: tile.hashes.subarray(1) }));
    expect(() => growTree(100, short, [OTHER_LEAF])).toThrow('Tile 0 of level 0 has not the 100 hashes that it says.');
    expect(() => growTree(0, [], [OTHER_LEAF.subarray(1)])).toThrow(RangeError);
    expect(() => growTree(Number.MAX_SAFE_INTEGER, [], [OTHER_LEAF])).toThrow(RangeError);
    expect(() => growTree(-1, [], [])).toThrow(RangeError);
  });
});
