import fc from 'fast-check';
import { hashLeaf } from '../../src/tree/hashes.ts';
import type { Tile, TileId } from '../../src/tree/tiles.ts';
import { consistencyProof, inclusionProof, inclusionProofs, treeRoot } from '../../src/tree/tree-proofs.ts';
import { verifyConsistency, verifyInclusion } from '../../src/tree/verify-proofs.ts';
import { denseTree, hex, NaiveTree, OTHER_LEAF } from './naive-tree.ts';

const { tree, leaves } = denseTree(700);

const largeSizes = [256, 512, 65_536, 65_536 * 3, 2 ** 31, 2 ** 32, 2 ** 33 + 2 ** 20, 2 ** 40, 2 ** 48, 2 ** 53 - 2];
const largeSize = fc
  .oneof(
    fc.tuple(fc.constantFrom(...largeSizes), fc.integer({ min: -3, max: 1 })).map(([size, offset]) => size + offset),
    fc.maxSafeNat(),
  )
  .map((size) => Math.max(2, size));

describe('Proofs of tiles', () => {
  it('are those of the definition for every leaf and every earlier size of small trees', async () => {
    for (let size = 1; size <= 70; size += 1) {
      for (let other = 0; other < size; other += 1) {
        expect((await inclusionProof(other, size, tree.readTiles)).map(hex)).toEqual(
          tree.path(other, 0, size).map(hex),
        );
        const consistency = (await consistencyProof(other + 1, size, tree.readTiles)).map(hex);
        expect(consistency).toEqual(tree.subproof(other + 1, 0, size, true).map(hex));
        expect(hex(await treeRoot(other, tree.readTiles, size))).toBe(hex(tree.hash(0, other)));
      }
    }
  });

  it('are verified for trees of some hundred leaves', async () => {
    for (let size = 230; size <= 700; size += 117) {
      const root = tree.hash(0, size);
      const indexes = [...Array(size).keys()];
      const proofs = await inclusionProofs(indexes, size, tree.readTiles);
      for (const [index, proof] of proofs.entries()) {
        verifyInclusion({ leafHash: leaves[index]!, index, size, proof, root });
      }
      for (let oldSize = 0; oldSize <= size; oldSize += 3) {
        const proof = await consistencyProof(oldSize, size, tree.readTiles);
        verifyConsistency({ oldSize, oldRoot: tree.hash(0, oldSize), newSize: size, newRoot: root, proof });
      }
    }
  });

  it('are those of the definition for trees up to 2^53 - 1 leaves', async () => {
    const claim = fc.tuple(largeSize, fc.maxSafeNat(), fc.maxSafeNat());
    await fc.assert(
      fc.asyncProperty(claim, async ([size, one, other]) => {
        const index = one % size;
        const oldSize = 1 + (other % size);
        const leafHash = hashLeaf(Buffer.from('this leaf'));
        const large = new NaiveTree([[index, leafHash], [oldSize - 1, leafHash], [size - 1, leafHash]]); // prettier-ignore
        const root = large.hash(0, size);
        expect(hex(await treeRoot(size, large.readTiles))).toBe(hex(root));

        const inclusion = await inclusionProof(index, size, large.readTiles);
        expect(inclusion.map(hex)).toEqual(large.path(index, 0, size).map(hex));
        verifyInclusion({ leafHash, index, size, proof: inclusion, root });
        expect(() => verifyInclusion({ leafHash: OTHER_LEAF, index, size, proof: inclusion, root })).toThrow();

        const proof = await consistencyProof(oldSize, size, large.readTiles);
        expect(proof.map(hex)).toEqual(large.subproof(oldSize, 0, size, true).map(hex));
        verifyConsistency({ oldSize, oldRoot: large.hash(0, oldSize), newSize: size, newRoot: root, proof });
      }),
      generatedProperty(150),
    );
  });

  it('read everything in one round, each tile once, as wide as the tree has it', async () => {
    const asked: (readonly TileId[])[] = [];
    const readTiles = async (ids: readonly TileId[]): Promise<readonly Tile[]> => {
      asked.push(ids);
      return tree.readTiles(ids);
    };
    await inclusionProofs([0, 1, 300, 699], 700, readTiles);
    await consistencyProof(300, 700, readTiles);
    await treeRoot(700, readTiles);
    expect(asked).toHaveLength(3);
    const widths = { 0: 256, 1: 256, 2: 188 } as const;
    for (const ids of asked) {
      expect(new Set(ids.map(({ level, index }) => `${level}/${index}`)).size).toBe(ids.length);
      for (const { level, index, width } of ids) expect(width).toBe(level === 0 ? widths[index as 0] : 2);
    }
  });

  it('read nothing that they do not need', async () => {
    const readNone = async (): Promise<never> => {
      throw new Error('nothing is to be read');
    };
    expect(await inclusionProof(0, 1, readNone)).toEqual([]);
    expect(await inclusionProofs([], 5, readNone)).toEqual([]);
    expect(await consistencyProof(0, 5, readNone)).toEqual([]);
    expect(await consistencyProof(5, 5, readNone)).toEqual([]);
    expect(hex(await treeRoot(0, readNone))).toBe(hex(tree.hash(0, 0)));
  });

  it('accept wider tiles in any order, and refuse narrower ones', async () => {
    const all = await tree.readTiles([
      { level: 1, index: 0, width: 2 },
      { level: 0, index: 1, width: 256 },
      { level: 0, index: 0, width: 256 },
    ]);
    expect((await inclusionProof(3, 300, async () => all)).map(hex)).toEqual(tree.path(3, 0, 300).map(hex));
    await expect(inclusionProof(3, 600, async () => all)).rejects.toThrow('was not read');
  });

  it.each([256, 200])('hash the nodes of a tile of %i hashes once for as long as it is kept', async (width) => {
    const [tile] = await tree.readTiles([{ level: 0, index: 0, width }]);
    const proofIn = async (read: Tile) => (await inclusionProof(0, width, async () => [read])).map(hex);
    const expected = tree.path(0, 0, width).map(hex);
    expect(await proofIn(tile!)).toEqual(expected);
    tile!.hashes.fill(0, 2 * 32); // what lies over these hashes is known
    expect(await proofIn(tile!)).toEqual(expected);
    expect(await proofIn({ ...tile! })).not.toEqual(expected);
  });

  it('are refused for leaves and sizes that the tree has not', async () => {
    await expect(inclusionProof(5, 5, tree.readTiles)).rejects.toThrow(RangeError);
    await expect(inclusionProof(-1, 5, tree.readTiles)).rejects.toThrow(RangeError);
    await expect(inclusionProof(0.5, 5, tree.readTiles)).rejects.toThrow(RangeError);
    await expect(consistencyProof(6, 5, tree.readTiles)).rejects.toThrow(RangeError);
    await expect(treeRoot(2 ** 53, tree.readTiles)).rejects.toThrow(RangeError);
    await expect(treeRoot(6, tree.readTiles, 5)).rejects.toThrow(RangeError);
  });
});
