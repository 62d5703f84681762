import fc from 'fast-check';
import type { MapEntry } from '../../src/map/map-entry.ts';
import { type MapProof, proveEntry, verifyMapProof } from '../../src/map/map-proofs.ts';
import { updateMap } from '../../src/map/update-map.ts';
import { ProofError } from '../../src/tree/verify-proofs.ts';
import { bytesFor, entriesOf, someEntries, someEntry } from './entries.ts';
import { hex, MemoryNodes, NaiveMap } from './naive-map.ts';

interface StoredMap {
  readonly store: MemoryNodes;
  readonly root: Uint8Array;
}

async function mapWith(entries: readonly MapEntry[]): Promise<StoredMap> {
  const store = new MemoryNodes();
  const { nodes, root } = await updateMap(entries, store.read);
  store.write(nodes);
  return { store, root };
}

/** Indices of people who have no entry, near those who have one and far from all. */
const strangersOf = (entries: readonly MapEntry[], bit: number): Uint8Array[] =>
  [
    ...entries.map(({ index }) => withBitFlipped(index, bit)),
    bytesFor('nobody'),
    Buffer.alloc(32),
    Buffer.alloc(32, 0xff),
  ].filter(
    // prettier-ignore
    (index) => entries.every((entry) => hex(entry.index) !== hex(index)),
  );

const withBitFlipped = (bytes: Uint8Array, bit: number): Uint8Array =>
  Uint8Array.from(bytes, (byte, place) => (place === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

describe('A proof of the map', () => {
  it('shows the entry of each person, and that others have none, by the hashes of the definition: 10,000 proofs', async () => {
    let proofs = 0;
    for (let round = 0; proofs < 10_000; round += 1) {
      const [entries] = fc.sample(entriesOf(60), { seed: round, numRuns: 1 }) as [MapEntry[]];
      const { store, root } = await mapWith(entries);
      const naive = new NaiveMap(entries);
      for (const index of [...entries.map((entry) => entry.index), ...strangersOf(entries, round % 256)]) {
        const proof = await proveEntry(index, store.read);
        verifyMapProof(index, root, proof);
        const expected = entries.find((entry) => hex(entry.index) === hex(index));
        expect(proof.entry?.count).toBe(expected?.count);
        expect(hex(Buffer.concat(proof.siblings))).toBe(hex(Buffer.concat(naive.siblings(index))));
        proofs += 1;
      }
    }
  });

  it('is as long as people share bits with their neighbours, and no longer', async () => {
    const entries = someEntries(5_000);
    const { store, root } = await mapWith(entries);
    const lengths = await Promise.all(
      entries.slice(0, 500).map(async ({ index }) => {
        const proof = await proveEntry(index, store.read);
        verifyMapProof(index, root, proof);
        return proof.siblings.length;
      }),
    );
    expect(Math.min(...lengths)).toBeGreaterThan(8);
    expect(Math.max(...lengths)).toBeLessThan(32);
  });

  it('of a map without people says that there is no entry, and is empty', async () => {
    const { store, root } = await mapWith([]);
    const proof = await proveEntry(bytesFor('x'), store.read);
    expect(proof).toEqual({ entry: undefined, other: undefined, siblings: [] });
    verifyMapProof(bytesFor('x'), root, proof);
    const first = someEntry('one');
    expect(() => verifyMapProof(first.index, root, { ...proof, entry: first })).toThrow('leads to another root');
  });

  it('is refused, whatever was changed', async () => {
    const bits = fc.nat({ max: 255 });
    await fc.assert(
      fc.asyncProperty(entriesOf(8), bits, bits, fc.nat(), async (entries, bit, other, which) => {
        const { store, root } = await mapWith(entries);
        const indices = [...entries.map(({ index }) => index), ...strangersOf(entries, other)];
        const index = indices[which % indices.length]!;
        const proof = await proveEntry(index, store.read);
        const accepted = changesOf(index, root, proof, bit).filter(([, ...claim]) => isAccepted(...claim));
        expect(accepted.map(([change]) => change)).toEqual([]);
      }),
      generatedProperty(100),
    );
  });

  it('cannot say that a person is absent who is there, nor show the entry of another for theirs', async () => {
    const entries = someEntries(200);
    const { store, root } = await mapWith(entries);
    const { index } = entries[11]!;
    const { siblings, entry } = await proveEntry(index, store.read);
    const neighbour = await proveEntry(entries[12]!.index, store.read);
    const absent = { entry: undefined, other: undefined };
    expect(() => verifyMapProof(index, root, { ...absent, siblings })).toThrow('leads to another root');
    expect(() => verifyMapProof(index, root, { ...absent, siblings: siblings.slice(1) })).toThrow('another root');
    expect(() => verifyMapProof(index, root, { ...absent, other: entry, siblings })).toThrow('The map has an entry of this person'); // prettier-ignore
    expect(() => verifyMapProof(index, root, { ...neighbour, entry: undefined, other: neighbour.entry })).toThrow('not where that of this person would be'); // prettier-ignore
    expect(() => verifyMapProof(index, root, neighbour)).toThrow('is of another person');
    expect(() => verifyMapProof(index, root, { entry, other: neighbour.entry, siblings })).toThrow('has two entries');
  });

  it('is refused with an entry that no map has, and with more hashes than an index has bits', async () => {
    const { store, root } = await mapWith(someEntries(3));
    const { index } = someEntries(3)[0]!;
    const proof = await proveEntry(index, store.read);
    const counts = [0, -1, 1.5, Number.NaN, 2 ** 53, Infinity];
    const wrong = counts.map((count): MapEntry => ({ ...proof.entry!, count }));
    for (const entry of [...wrong, { ...proof.entry!, head: Buffer.alloc(31) }]) {
      expect(() => verifyMapProof(index, root, { ...proof, entry })).toThrow('has an entry that no map has');
    }
    const siblings = Array.from({ length: 257 }, () => Buffer.alloc(32));
    expect(() => verifyMapProof(index, root, { ...proof, siblings })).toThrow('has too many hashes');
    expect(() => verifyMapProof(index.subarray(1), root, proof)).toThrow('has not 32 bytes');
  });
});

type Change = readonly [change: string, index: Uint8Array, root: Uint8Array, proof: MapProof];

/** Everything that differs from what a proof shows in one respect, with what was changed. */
function changesOf(index: Uint8Array, root: Uint8Array, proof: MapProof, bit: number): Change[] {
  const { siblings } = proof;
  const { length } = siblings;
  // Of a long way, both ends and some places between.
  const places = [...siblings.keys()].filter((place) => place < 4 || place >= length - 4 || place % 40 === bit % 40);
  const hashes: [string, readonly Uint8Array[]][] = [
    ...places.map((place): [string, Uint8Array[]] => [`bit ${bit} of hash ${place}`, siblings.with(place, withBitFlipped(siblings[place]!, bit))]), // prettier-ignore
    ...places.map((place): [string, Uint8Array[]] => [`hash ${place} dropped`, siblings.toSpliced(place, 1)]),
    ...places.map((place): [string, Uint8Array[]] => [`hash ${place} cut`, siblings.with(place, siblings[place]!.subarray(1))]), // prettier-ignore
    ...[...places, length].map((place): [string, Uint8Array[]] => [`a hash added at ${place}`, siblings.toSpliced(place, 0, bytesFor('other'))]), // prettier-ignore
  ];
  const ofEntry = (['entry', 'other'] as const).flatMap((name): [string, MapProof][] => {
    const shown = proof[name];
    if (!shown) return [];
    return [
      [`the count of ${name}`, { ...proof, [name]: { ...shown, count: (shown.count % 1_000) + 1_001 } }],
      [`the head of ${name}`, { ...proof, [name]: { ...shown, head: withBitFlipped(shown.head, bit) } }],
      [`the index of ${name}`, { ...proof, [name]: { ...shown, index: withBitFlipped(shown.index, bit) } }],
      [`${name} left out`, { ...proof, [name]: undefined }],
    ];
  });
  return [
    ...hashes.map(([change, changed]): Change => [change, index, root, { ...proof, siblings: changed }]),
    ...ofEntry.map(([change, changed]): Change => [change, index, root, changed]),
    ['another root', index, withBitFlipped(root, bit), proof],
    ['an entry for nothing', index, root, { ...proof, entry: { ...someEntry('x'), index }, other: undefined }],
  ];
}

function isAccepted(index: Uint8Array, root: Uint8Array, proof: MapProof): boolean {
  try {
    verifyMapProof(index, root, proof);
    return true;
  } catch (error) {
    if (error instanceof ProofError) return false;
    throw error;
  }
}
