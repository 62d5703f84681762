import { newCpf } from '@pessoa/testkit/read-recorder';
import { findEntries } from '@pessoa/transparency-log/map/find-entries';
import type { MapEntry } from '@pessoa/transparency-log/map/map-entry';
import { chainHead } from '@pessoa/transparency-log/map/person-chain';
import { updateMap } from '@pessoa/transparency-log/map/update-map';
import pg from 'pg';
import { nodesAt } from '../../src/people/map-nodes.ts';
import { NEW_PEOPLE_MAX } from '../../src/people/person-indices.ts';
import { placeRecords } from '../../src/tree/place-records.ts';
import { TreeMovedError } from '../../src/tree/store-growth.ts';
import { readTree, type StoredTree } from '../../src/tree/stored-tree.ts';
import { openRecordedReads, type RecordedReads } from '../recorded-reads.ts';

describe('The chain of a person', () => {
  let reads: RecordedReads;
  let db: pg.Client;
  beforeEach(async () => {
    reads = await openRecordedReads();
    db = await reads.auditorSession();
  });
  afterEach(() => reads.close());

  type Link = { id: string; cpfHash: string; index: Buffer; number: number; link: Buffer; entry: Buffer };
  const links = async (): Promise<Link[]> =>
    (
      await db.query<Link>(
        `SELECT a.id, a.cpf_hash AS "cpfHash", l.person_index AS index, l.number::int, l.link, l.entry
         FROM transparency.leaf l JOIN public.acesso a ON a.id = l.acesso_id WHERE l.number IS NOT NULL ORDER BY l.place`,
      )
    ).rows;
  async function placeAll(from?: StoredTree): Promise<{ tree: StoredTree; unchained: string[] }> {
    let tree = from ?? (await readTree(db));
    const people = reads.people();
    const unchained: string[] = [];
    for (let isFull = true; isFull;) {
      const placed = await placeRecords(db, tree, people);
      ({ tree, isFull } = placed);
      unchained.push(...placed.unchained);
    }
    return { tree, unchained };
  }
  /** What the map must say, by the leaves alone. */
  async function expectedEntries(): Promise<MapEntry[]> {
    const chains = Map.groupBy(await links(), ({ index }) => index.toString('hex'));
    return [...chains.values()].map((chain) => ({
      index: chain[0]!.index,
      count: chain.length,
      head: chainHead(chain.map(({ entry }) => entry)),
    }));
  }

  it('has all records of the person in the order of their places, over many batches, and the map has its end', async () => {
    let { tree } = await placeAll();
    for (const count of [1, 90, 7, 250]) {
      await reads.record(count);
      ({ tree } = await placeAll(tree));
    }
    const chains = Map.groupBy(await links(), ({ cpfHash }) => cpfHash);
    expect(chains.size).toBe(40);
    for (const chain of chains.values()) {
      expect(chain.map(({ number }) => number)).toEqual(chain.map((_, at) => at + 1));
      expect(new Set(chain.map(({ index }) => index.toString('hex'))).size).toBe(1);
      for (const [at, { link }] of chain.entries())
        expect(link).toEqual(Buffer.from(chainHead(chain.slice(0, at + 1).map(({ entry }) => entry))));
    }
    const expected = await expectedEntries();
    const whole = await updateMap(expected, async () => new Map());
    expect(Buffer.from(tree.mapRoot)).toEqual(Buffer.from(whole.root));
    expect((await readTree(db)).mapRoot).toEqual(Buffer.from(whole.root));
    const found = await findEntries(expected.map(({ index }) => index), nodesAt(db, tree.size)); // prettier-ignore
    expect(found.map((entry) => entry?.count)).toEqual(expected.map(({ count }) => count));
  });

  it('is under the index that the VRF gives for the CPF, which is stored once', async () => {
    const cpf = newCpf();
    await reads.record(2, { cpf });
    await placeAll();
    await reads.record(1, { cpf });
    await placeAll();
    const index = Buffer.from(reads.keys.indexOf(cpf));
    expect((await links()).map((link) => link.index)).toEqual([index, index, index]);
    const { rows } = await db.query('SELECT cpf_hash, person_index FROM transparency.person');
    expect(rows).toEqual([{ cpf_hash: (await links())[0]!.cpfHash, person_index: index }]);
  });

  it('begins for many new people together, a batch of them after the other', async () => {
    const people = Array.from({ length: NEW_PEOPLE_MAX + 3 }, newCpf);
    await reads.log.record(people.map((cpf) => reads.read({ cpf })));
    const first = await placeRecords(db, await readTree(db), reads.people());
    expect(first).toMatchObject({ isFull: true, unchained: [] });
    expect(first.tree.size).toBeGreaterThan(0);
    expect(first.tree.size).toBeLessThanOrEqual(NEW_PEOPLE_MAX);
    await placeAll(first.tree);
    expect((await links()).map(({ number }) => number)).toEqual(people.map(() => 1));
  });

  it.each([
    ['the CPF of another person', () => ({ cpfCifrado: reads.read().cpfCifrado })],
    ['bytes that are no CPF', () => ({ cpfCifrado: '00'.repeat(16) })],
  ])('does not take a record with %s: it gets its place in no chain, and is reported', async (_case, fields) => {
    const [wrong] = await reads.record(1, { cpf: newCpf(), ...fields() });
    const [right] = await reads.record(1);
    expect((await placeAll()).unchained).toEqual([wrong!.id]);
    expect((await links()).map(({ id }) => id)).toEqual([right!.id]);
  });

  it('is not begun a second time under an index that somebody else stored', async () => {
    const [ana, bia] = [newCpf(), newCpf()];
    const { owner } = reads.bases.auditoria;
    const store = 'INSERT INTO transparency.person (cpf_hash, person_index) VALUES ($1, $2)';
    await owner.query(store, [reads.read({ cpf: ana }).cpfHash, Buffer.alloc(32, 1)]);
    const [ofAna] = await reads.record(1, { cpf: ana });
    const [ofBia] = await reads.record(1, { cpf: bia });
    expect((await placeAll()).unchained).toEqual([ofAna!.id]);
    await owner.query('ALTER TABLE transparency.person DISABLE TRIGGER USER');
    await owner.query('UPDATE transparency.person SET person_index = $2 WHERE cpf_hash = $1', [ofBia!.cpfHash, Buffer.alloc(32, 2)]); // prettier-ignore
    const [again] = await reads.record(1, { cpf: bia });
    expect((await placeAll()).unchained).toEqual([again!.id]);
    expect((await links()).map(({ id }) => id)).toEqual([ofBia!.id]);
  });

  it('has no record from before people were known, and every later one without a CPF is reported, but for questions', async () => {
    await reads.record(1, { cpfCifrado: undefined });
    expect((await placeAll()).unchained).toEqual([]);
    await reads.record(1);
    await placeAll();
    const [late] = await reads.record(1, { cpfCifrado: undefined });
    await reads.record(1, { cpfCifrado: undefined, servico: 'auditoria' });
    expect((await placeAll()).unchained).toEqual([late!.id]);
    expect((await readTree(db)).size).toBe(4);
    expect(await links()).toHaveLength(1);
  });

  it('is one when two processes go on with it: one of them changes nothing, also when the tree is the same and the map is not', async () => {
    const other = new pg.Client({ connectionString: reads.bases.auditoria.auditorUrl });
    await other.connect();
    try {
      const cpf = newCpf();
      const { tree } = await placeAll();
      await placeRecords(other, tree, reads.people()); // plans its statements, so that neither begins later
      await reads.record(5, { cpf });
      const both = await Promise.allSettled([placeRecords(db, tree, reads.people()), placeRecords(other, tree, reads.people())]); // prettier-ignore
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect((await links()).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
      const now = await readTree(db);
      await reads.record(1, { cpf });
      await reads.bases.auditoria.owner.query('ALTER TABLE transparency.tree DISABLE TRIGGER USER');
      await reads.bases.auditoria.owner.query(`UPDATE transparency.tree SET map_root = sha256('x')`);
      await expect(placeRecords(db, now, reads.people())).rejects.toThrow(TreeMovedError);
      expect(await links()).toHaveLength(5);
    } finally {
      await other.end();
    }
  });

  it('does not go on from a node of the map that was edited', async () => {
    await reads.record(80);
    const { tree } = await placeAll();
    const { owner } = reads.bases.auditoria;
    await owner.query('ALTER TABLE transparency.map_node DISABLE TRIGGER USER');
    await owner.query(`UPDATE transparency.map_node SET children = decode(repeat('00', 16), 'hex') WHERE path = ''`);
    await reads.record(1);
    await expect(placeRecords(db, tree, reads.people())).rejects.toThrow(
      'the root of the map is not that of its nodes',
    );
    await owner.query(`DELETE FROM transparency.map_node WHERE path = ''`);
    await expect(placeRecords(db, tree, reads.people())).rejects.toThrow(
      'the root of the map is not that of its nodes',
    );
    expect((await readTreeSize()).size).toBe('80');
  });
  const readTreeSize = async () => (await db.query<{ size: string }>('SELECT size FROM transparency.tree')).rows[0]!;
});
