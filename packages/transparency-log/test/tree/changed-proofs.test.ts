import fc from 'fast-check';
import { EMPTY_ROOT } from '../../src/tree/hashes.ts';
import { consistencyProof, inclusionProof } from '../../src/tree/tree-proofs.ts';
import {
  type ConsistencyClaim,
  type InclusionClaim,
  ProofError,
  verifyConsistency,
  verifyInclusion,
} from '../../src/tree/verify-proofs.ts';
import { denseTree, hex, OTHER_LEAF } from './naive-tree.ts';

const { tree, leaves } = denseTree(601);

const withBitFlipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const changed = Uint8Array.from(bytes);
  changed[bit >> 3]! ^= 1 << (bit & 7);
  return changed;
};

/** Every proof that differs from this one in one respect, with what was done to it. */
function changedProofs(proof: readonly Uint8Array[], bit: number): [string, Uint8Array[]][] {
  const places = [...proof.keys()];
  const insertions = [...places, proof.length];
  return [
    ...places.map((place): [string, Uint8Array[]] => [`bit ${bit} of hash ${place} flipped`, proof.with(place, withBitFlipped(proof[place]!, bit))]), // prettier-ignore
    ...places.map((place): [string, Uint8Array[]] => [`hash ${place} dropped`, proof.toSpliced(place, 1)]),
    ...places.map((place): [string, Uint8Array[]] => [`hash ${place} cut`, proof.with(place, proof[place]!.subarray(1))]), // prettier-ignore
    ...places.slice(1).map((place): [string, Uint8Array[]] => [`hashes ${place - 1} and ${place} swapped`, proof.with(place - 1, proof[place]!).with(place, proof[place - 1]!)]), // prettier-ignore
    ...insertions.map((place): [string, Uint8Array[]] => [`a hash added at ${place}`, proof.toSpliced(place, 0, OTHER_LEAF)]), // prettier-ignore
    ...insertions.map((place): [string, Uint8Array[]] => [`the root of nothing added at ${place}`, proof.toSpliced(place, 0, EMPTY_ROOT)]), // prettier-ignore
    ...places.map((place): [string, Uint8Array[]] => [`hash ${place} doubled`, proof.toSpliced(place, 0, proof[place]!)]), // prettier-ignore
  ];
}

const refuses = (verify: () => void): boolean => {
  try {
    verify();
    return false;
  } catch (error) {
    if (error instanceof ProofError) return true;
    throw error;
  }
};

const numbers = fc.tuple(fc.integer({ min: 1, max: 600 }), fc.nat(), fc.nat({ max: 255 }), fc.nat());

describe('A changed inclusion proof', () => {
  it('is refused, whatever was changed', async () => {
    await fc.assert(
      fc.asyncProperty(numbers, async ([size, one, bit, other]) => {
        const index = one % size;
        const proof = await inclusionProof(index, size, tree.readTiles);
        const claim = { leafHash: leaves[index]!, index, size, proof, root: tree.hash(0, size) };
        verifyInclusion(claim);
        const changes: [string, Partial<InclusionClaim>][] = [
          ...changedProofs(proof, bit).map(([change, changed]): [string, Partial<InclusionClaim>] => [change, { proof: changed }]), // prettier-ignore
          ['another leaf', { leafHash: leaves[(index + 1) % 600]! }],
          ['a leaf with a bit flipped', { leafHash: withBitFlipped(claim.leafHash, bit) }],
          ['the root for the leaf', { leafHash: proof.length > 0 ? claim.root : OTHER_LEAF }],
          ['a root with a bit flipped', { root: withBitFlipped(claim.root, bit) }],
          ['the root of another size', { root: tree.hash(0, (size % 600) + 1) }],
          ['another size with its root', { size: size + 1, root: tree.hash(0, size + 1) }],
          ['no root', { root: new Uint8Array(0) }],
          ['a negative index', { index: -1 }],
          ['an index beside the tree', { index: size }],
          ['no size', { size: 0 }],
          ['half an index', { index: index + 0.5 }],
        ];
        expect(changes.filter(([, change]) => !refuses(() => verifyInclusion({ ...claim, ...change }))).map(([change]) => change)).toEqual([]); // prettier-ignore
        const otherIndex = other % size;
        if (otherIndex !== index) expect(refuses(() => verifyInclusion({ ...claim, index: otherIndex }))).toBe(true);
      }),
      generatedProperty(250),
    );
  });

  it('is refused for every other index, in the tree or beside it', async () => {
    const size = 13;
    const root = tree.hash(0, size);
    for (let index = 0; index < size; index += 1) {
      const proof = await inclusionProof(index, size, tree.readTiles);
      for (let otherIndex = 0; otherIndex < 40; otherIndex += 1) {
        if (otherIndex === index) continue;
        expect(refuses(() => verifyInclusion({ leafHash: leaves[index]!, index: otherIndex, size, proof, root }))).toBe(true); // prettier-ignore
      }
    }
  });
});

describe('A changed consistency proof', () => {
  it('is refused, whatever was changed', async () => {
    await fc.assert(
      fc.asyncProperty(numbers, async ([size, one, bit, other]) => {
        const oldSize = 1 + (one % size);
        const proof = await consistencyProof(oldSize, size, tree.readTiles);
        const claim = { oldSize, oldRoot: tree.hash(0, oldSize), newSize: size, newRoot: tree.hash(0, size), proof };
        verifyConsistency(claim);
        const changes: [string, Partial<ConsistencyClaim>][] = [
          ...changedProofs(proof, bit).map(([change, changed]): [string, Partial<ConsistencyClaim>] => [change, { proof: changed }]), // prettier-ignore
          ['an old root with a bit flipped', { oldRoot: withBitFlipped(claim.oldRoot, bit) }],
          ['a new root with a bit flipped', { newRoot: withBitFlipped(claim.newRoot, bit) }],
          ['no old root', { oldRoot: new Uint8Array(0) }],
          ['a new size below the old one', { newSize: oldSize - 1 }],
          ['no leaves before', { oldSize: 0 }],
          ['a negative size', { oldSize: -1 }],
        ];
        if (oldSize < size) {
          changes.push(['swapped roots', { oldRoot: claim.newRoot, newRoot: claim.oldRoot }], ['equal sizes', { oldSize: size }]); // prettier-ignore
        }
        expect(changes.filter(([, change]) => !refuses(() => verifyConsistency({ ...claim, ...change }))).map(([change]) => change)).toEqual([]); // prettier-ignore
        const otherSize = 1 + (other % size);
        if (otherSize !== oldSize && hex(tree.hash(0, otherSize)) !== hex(claim.oldRoot)) {
          const otherOldRoot = { oldRoot: tree.hash(0, otherSize) };
          expect(refuses(() => verifyConsistency({ ...claim, ...otherOldRoot }))).toBe(true);
          expect(refuses(() => verifyConsistency({ ...claim, ...otherOldRoot, oldSize: otherSize }))).toBe(true);
        }
      }),
      generatedProperty(250),
    );
  });

  it('of the empty tree is the empty proof, with the root of the empty tree', () => {
    const newRoot = tree.hash(0, 3);
    verifyConsistency({ oldSize: 0, oldRoot: EMPTY_ROOT, newSize: 3, newRoot, proof: [] });
    verifyConsistency({ oldSize: 0, oldRoot: EMPTY_ROOT, newSize: 0, newRoot: EMPTY_ROOT, proof: [] });
    expect(refuses(() => verifyConsistency({ oldSize: 0, oldRoot: newRoot, newSize: 3, newRoot, proof: [] }))).toBe(
      true,
    );
    expect(refuses(() => verifyConsistency({ oldSize: 0, oldRoot: EMPTY_ROOT, newSize: 0, newRoot, proof: [] }))).toBe(true); // prettier-ignore
    expect(refuses(() => verifyConsistency({ oldSize: 0, oldRoot: EMPTY_ROOT, newSize: 3, newRoot, proof: [OTHER_LEAF] }))).toBe(true); // prettier-ignore
  });
});
