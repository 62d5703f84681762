import { hashLeaf, rootOf } from '../../../src/person-page/browser/merkle-tree.js';
import { fromHex, hex, pathTo, rootOfLeaves } from './naive-tree.ts';

// The entries, roots and proofs of Certificate Transparency's reference tests (transparency-dev/merkle), as packages/transparency-log has them.
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS: Readonly<Record<number, string>> = {
  1: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  3: 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  5: '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  8: '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
};
const INCLUSIONS: readonly (readonly [index: number, size: number, path: readonly string[]])[] = [
  [0, 1, []],
  [0, 8, ['96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7', '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4']], // prettier-ignore
  [5, 8, ['bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b', 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7']], // prettier-ignore
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [1, 5, ['6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b']], // prettier-ignore
];

const rootFor = async (entry: string, index: number, size: number, path: readonly string[]) => {
  const root = await rootOf({ leaf: await hashLeaf(fromHex(entry)), index, size, path: path.map(fromHex) });
  return root && hex(root);
};

describe('The root to which an inclusion proof leads', () => {
  it.each(INCLUSIONS)('is that of the reference tests for leaf %i in a tree of %i', async (index, size, path) => {
    expect(await rootFor(ENTRIES[index]!, index, size, path)).toBe(ROOTS[size]);
  });

  it('is that of the definition for every leaf of every tree up to 40 leaves', async () => {
    const leaves = await Promise.all(Array.from({ length: 40 }, (_, at) => hashLeaf(Buffer.of(at))));
    for (let size = 1; size <= leaves.length; size++) {
      const root = hex(rootOfLeaves(leaves.slice(0, size)));
      for (let index = 0; index < size; index++) {
        const path = pathTo(index, leaves.slice(0, size));
        expect(hex((await rootOf({ leaf: leaves[index]!, index, size, path }))!)).toBe(root);
      }
    }
  });

  it.each<[string, number, number, readonly string[]]>([
    ['a leaf that the tree has not', 8, 8, INCLUSIONS[1]![2]],
    ['a path that is too short', 0, 8, INCLUSIONS[1]![2].slice(1)],
    ['a path that is too long', 0, 8, [...INCLUSIONS[1]![2], ROOTS[1]!]],
    ['a path in a tree of one leaf', 0, 1, [ROOTS[1]!]],
  ])('is none for %s', async (_what, index, size, path) => {
    expect(await rootFor('', index, size, path)).toBeUndefined();
  });

  it('is exact for places beyond 2^31', async () => {
    const path = (length: number): string[] => Array.from({ length }, () => ROOTS[1]!);
    expect(await rootFor('', 2 ** 40, 2 ** 40 + 1, path(1))).toMatch(/^[0-9a-f]{64}$/); // the last leaf stands alone at the right edge
    expect(await rootFor('', 2 ** 40 - 1, 2 ** 40, path(40))).toMatch(/^[0-9a-f]{64}$/);
    expect(await rootFor('', 2 ** 40 - 1, 2 ** 40, path(39))).toBeUndefined();
  });
});
