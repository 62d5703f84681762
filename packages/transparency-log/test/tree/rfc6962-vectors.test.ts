import { growTree } from '../../src/tree/growing-tree.ts';
import { EMPTY_ROOT, hashChildren, hashLeaf } from '../../src/tree/hashes.ts';
import { consistencyProof, inclusionProof, treeRoot } from '../../src/tree/tree-proofs.ts';
import { verifyConsistency, verifyInclusion } from '../../src/tree/verify-proofs.ts';
import { fromHex, hex } from './naive-tree.ts';

// The entries, roots and proofs of Certificate Transparency's reference tests (transparency-dev/merkle).
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const LEAVES = ENTRIES.map((entry) => hashLeaf(fromHex(entry)));
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const INCLUSIONS: readonly (readonly [index: number, size: number, proof: readonly string[]])[] = [
  [0, 1, []],
  [0, 8, ['96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7', '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4']], // prettier-ignore
  [5, 8, ['bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b', 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7']], // prettier-ignore
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [1, 5, ['6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b']], // prettier-ignore
];
const CONSISTENCIES: readonly (readonly [oldSize: number, newSize: number, proof: readonly string[]])[] = [
  [1, 1, []],
  [1, 8, ['96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7', '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4']], // prettier-ignore
  [6, 8, ['0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a', 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7']], // prettier-ignore
  [2, 5, ['5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b']], // prettier-ignore
  [6, 7, ['0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a', 'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7']], // prettier-ignore
];

const readTiles = async () => growTree(0, [], LEAVES).tiles;

describe('The tree of the reference tests', () => {
  it('has the roots of every size', async () => {
    expect(hex(EMPTY_ROOT)).toBe(ROOTS[0]);
    expect(hex(hashChildren(LEAVES[0]!, LEAVES[1]!))).toBe(ROOTS[2]);
    for (const [size, root] of ROOTS.entries()) {
      expect(hex(growTree(0, [], LEAVES.slice(0, size)).root)).toBe(root);
      expect(hex(await treeRoot(size, readTiles))).toBe(root);
    }
  });

  it.each(INCLUSIONS)('proves the inclusion of leaf %i in a tree of %i', async (index, size, proof) => {
    expect((await inclusionProof(index, size, readTiles)).map(hex)).toEqual(proof);
    verifyInclusion({ leafHash: LEAVES[index]!, index, size, proof: proof.map(fromHex), root: fromHex(ROOTS[size]!) });
  });

  it.each(CONSISTENCIES)('proves the consistency of %i with %i leaves', async (oldSize, newSize, proof) => {
    expect((await consistencyProof(oldSize, newSize, readTiles)).map(hex)).toEqual(proof);
    const roots = { oldRoot: fromHex(ROOTS[oldSize]!), newRoot: fromHex(ROOTS[newSize]!) };
    verifyConsistency({ oldSize, newSize, ...roots, proof: proof.map(fromHex) });
  });
});
