import fc from 'fast-check';
import { findEntries, mapRoot } from '../../src/map/find-entries.ts';
import { EMPTY_MAP_ROOT, type MapEntry } from '../../src/map/map-entry.ts';
import { updateMap } from '../../src/map/update-map.ts';
import { bytesFor, entriesOf, someEntries, someEntry } from './entries.ts';
import { hex, MemoryNodes, NaiveMap } from './naive-map.ts';

/** Puts the entries into a stored map, so many at a time. @returns its last root */
async function put(store: MemoryNodes, entries: readonly MapEntry[], atOnce: number): Promise<Uint8Array> {
  let root = await mapRoot(store.read);
  for (let from = 0; from < entries.length; from += atOnce) {
    const updated = await updateMap(entries.slice(from, from + atOnce), store.read);
    expect(hex(updated.before)).toBe(hex(root));
    store.write(updated.nodes);
    root = updated.root;
  }
  return root;
}

const same = (one: MapEntry | undefined, other: MapEntry | undefined): boolean =>
  one?.count === other?.count && hex(one?.head ?? bytesFor('')) === hex(other?.head ?? bytesFor(''));

describe('The map', () => {
  it('has the root of its definition, whatever came together and in which order', async () => {
    await fc.assert(
      fc.asyncProperty(entriesOf(60), fc.integer({ min: 1, max: 60 }), async (entries, atOnce) => {
        const store = new MemoryNodes();
        const other = new MemoryNodes();
        const root = await put(store, entries, atOnce);
        expect(hex(root)).toBe(hex(new NaiveMap(entries).root));
        expect(await put(other, entries.toReversed(), 7)).toEqual(root);
        expect(await mapRoot(store.read)).toEqual(root);
        expect(new Map([...other.nodes].toSorted())).toEqual(new Map([...store.nodes].toSorted()));
      }),
      generatedProperty(150),
    );
  });

  it('has the newest entry of each person, and that of nobody else', async () => {
    await fc.assert(
      fc.asyncProperty(entriesOf(30), entriesOf(30), async (older, newer) => {
        const store = new MemoryNodes();
        await put(store, older, 11);
        const root = await put(store, newer, 13);
        const present = new Map([...older, ...newer].map((entry) => [hex(entry.index), entry]));
        expect(hex(root)).toBe(hex(new NaiveMap([...present.values()]).root));
        const strangers = [bytesFor('nobody'), Buffer.alloc(32, 0), Buffer.alloc(32, 0xff)];
        const asked = [...strangers, ...[...present.values()].map(({ index }) => index)];
        const found = await findEntries(asked, store.read);
        expect(found.filter((entry, place) => !same(entry, present.get(hex(asked[place]!))))).toEqual([]);
      }),
      generatedProperty(100),
    );
  });

  it('without entries has 32 zero bytes as its root, and with one the hash of that', async () => {
    const store = new MemoryNodes();
    expect(await updateMap([], store.read)).toEqual({ before: EMPTY_MAP_ROOT, root: EMPTY_MAP_ROOT, nodes: [] });
    expect(hex(EMPTY_MAP_ROOT)).toBe('00'.repeat(32));
    expect(await findEntries([bytesFor('x')], store.read)).toEqual([undefined]);
    const alone = { index: Buffer.alloc(32, 1), count: 258, head: Buffer.alloc(32, 2) };
    // sha256 of 00, 32 times 01, 0000000000000102, 32 times 02
    expect(hex(await put(store, [alone], 1))).toBe('df6b3eabac2167981d9d4416fabdd1324e613027c9fc86b06e547658022bf2f9');
    expect([...store.nodes.keys()]).toEqual(['']);
  });

  it('changes only the nodes on the ways of those who got entries', async () => {
    const store = new MemoryNodes();
    await put(store, someEntries(2_000), 2_000);
    const before = new Map(store.nodes);
    const { nodes } = await updateMap([someEntry('person 7', 99)], store.read);
    const way = hex(someEntry('person 7').index);
    expect(nodes.length).toBeGreaterThan(2);
    for (const { path, bytes } of nodes) {
      expect(way.startsWith(path)).toBe(true);
      expect(bytes).not.toEqual(before.get(path));
    }
    expect(await updateMap([], store.read)).toMatchObject({ nodes: [], root: await mapRoot(store.read) });
  });

  it('is read once for each level, however many people come together', async () => {
    const store = new MemoryNodes();
    await put(store, someEntries(5_000), 5_000);
    const depth = Math.max(...[...store.nodes.keys()].map(({ length }) => length)) + 1;
    store.calls.length = 0;
    await updateMap(someEntries(5_000), store.read);
    expect(store.calls).toHaveLength(depth);
    expect(store.calls.flat()).toHaveLength(store.nodes.size);
    store.calls.length = 0;
    await findEntries(someEntries(5_000).map(({ index }) => index), store.read); // prettier-ignore
    expect(store.calls).toHaveLength(depth);
  });

  it('parts people whose indices differ in their last bit only', async () => {
    const one = { ...someEntry('one'), index: Buffer.alloc(32, 0xab) };
    const other = { ...someEntry('other'), index: Buffer.alloc(32, 0xab).fill(0xaa, 31) };
    const store = new MemoryNodes();
    const root = await put(store, [one, other], 1);
    expect(hex(root)).toBe(hex(new NaiveMap([other, one]).root));
    expect(store.nodes.size).toBe(64);
    expect((await findEntries([one.index, other.index], store.read)).map((entry) => entry?.head)).toEqual([one.head, other.head]); // prettier-ignore
  });

  it('holds 100,000 people', async () => {
    const store = new MemoryNodes();
    const entries = someEntries(100_000);
    const root = await put(store, entries, 50_000);
    expect(hex(root)).toBe(hex(new NaiveMap(entries).root));
    const some = entries.filter((_, place) => place % 100 === 0);
    const found = await findEntries(some.map(({ index }) => index), store.read); // prettier-ignore
    expect(some.filter((entry, place) => !same(entry, found[place]))).toEqual([]);
  });

  it.each<[string, MapEntry[]]>([
    ['two entries of one person', [someEntry('one'), someEntry('one', 2)]],
    ['an index that is too short', [{ ...someEntry('one'), index: Buffer.alloc(31) }]],
    ['a head that is too long', [{ ...someEntry('one'), head: Buffer.alloc(33) }]],
    ['no reads', [someEntry('one', 0)]],
    ['half a read', [someEntry('one', 1.5)]],
    ['more reads than are exact', [someEntry('one', 2 ** 53)]],
  ])('refuses %s', async (_what, entries) => {
    await expect(updateMap(entries, new MemoryNodes().read)).rejects.toThrow(RangeError);
  });
});

describe('A stored node', () => {
  const entries = someEntries(300);
  let store: MemoryNodes;

  beforeEach(async () => {
    store = new MemoryNodes();
    await put(store, entries, 300);
  });

  const everyRead = [
    () => updateMap(entries, store.read),
    () => findEntries(entries.map(({ index }) => index), store.read), // prettier-ignore
  ];

  it('is missed', async () => {
    const path = [...store.nodes.keys()].find(({ length }) => length === 2)!;
    store.nodes.delete(path);
    for (const read of everyRead) await expect(read()).rejects.toThrow(`The stored node "${path}" of the map is missing.`); // prettier-ignore
  });

  it('is noticed when another version of it stands there', async () => {
    const [path] = [...store.nodes].find(([, bytes]) => bytes[0] === 1)!;
    const older = store.nodes.get(path)!;
    store.nodes.set(path, older.with(41, older[41]! ^ 1));
    for (const read of everyRead) {
      await expect(read()).rejects.toThrow(`The stored node "${path}" of the map is not what the node above it says.`);
    }
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['is empty', () => Buffer.alloc(0)],
    ['ends early', (bytes) => bytes.subarray(0, -1)],
    ['has a child more', (bytes) => Buffer.concat([bytes, Buffer.of(0)])],
    ['has a child less', () => Buffer.alloc(15)],
    ['has a child of a kind that is not known', () => Buffer.alloc(16).fill(3)],
    ['has an entry without a count', () => Buffer.concat([Buffer.of(1), Buffer.alloc(72), Buffer.alloc(15)])],
    ['has an entry with a count that is not exact', () => Buffer.concat([Buffer.of(1), Buffer.alloc(72, 0xff), Buffer.alloc(15)])], // prettier-ignore
  ])('cannot be read when it %s', async (_what, change) => {
    store.nodes.set('', change(store.nodes.get('')!));
    await expect(mapRoot(store.read)).rejects.toThrow('The stored node "" of the map cannot be read.');
    for (const read of everyRead) await expect(read()).rejects.toThrow('cannot be read');
  });
});
