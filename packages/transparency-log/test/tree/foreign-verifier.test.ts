import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';
import { growTree } from '../../src/tree/growing-tree.ts';
import { hashLeaf } from '../../src/tree/hashes.ts';
import { inclusionProof, inclusionProofs } from '../../src/tree/tree-proofs.ts';
import { NaiveTree } from './naive-tree.ts';

type Claim = Parameters<typeof verifyMerkleInclusion>;

/** What sigstore-js, which verifies npm's provenance against Rekor, says about a proof of ours. */
function verifyBySigstore(
  entry: Uint8Array,
  index: number,
  size: number,
  hashes: Uint8Array[],
  root: Uint8Array,
): void {
  verifyMerkleInclusion(
    {
      canonicalizedBody: Buffer.from(entry),
      inclusionProof: { logIndex: String(index), hashes: hashes.map((hash) => Buffer.from(hash)) },
    } as unknown as Claim[0],
    { logSize: BigInt(size), logHash: Buffer.from(root) } as unknown as Claim[1],
  );
}

const entryAt = (index: number): Buffer => Buffer.from(`entry ${index}`);

describe('Another implementation', () => {
  it('accepts 9,800 of our inclusion proofs', async () => {
    const leafHashes = Array.from({ length: 1_800 }, (_, index) => hashLeaf(entryAt(index)));
    let accepted = 0;
    for (const size of [1, 2, 3, 97, 256, 257, 511, 512, 1_000, 1_031, 1_800, 1_799, 1_731, 800]) {
      const { tiles, root } = growTree(0, [], leafHashes.slice(0, size));
      const indexes = [...Array(size).keys()];
      const proofs = await inclusionProofs(indexes, size, async () => tiles);
      for (const index of indexes) verifyBySigstore(entryAt(index), index, size, proofs[index]!, root);
      expect(() => verifyBySigstore(entryAt(-1), 0, size, proofs[0]!, root)).toThrow('does not match');
      accepted += size;
    }
    expect(accepted).toBe(9_800);
  });

  it('accepts 200 of our inclusion proofs in trees above 2^32 leaves', async () => {
    let state = 12_345n;
    const below = (limit: number): number => {
      state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
      return Number((state >> 11n) % BigInt(limit));
    };
    for (let count = 0; count < 200; count += 1) {
      const size = 2 ** 32 + below(2 ** (33 + (count % 20)));
      const index = below(size);
      const tree = new NaiveTree([[index, hashLeaf(entryAt(index))]]);
      const proof = await inclusionProof(index, size, tree.readTiles);
      verifyBySigstore(entryAt(index), index, size, proof, tree.hash(0, size));
    }
  });
});
