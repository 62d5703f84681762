import { entryOf } from '@pessoa/transparency-log/records/canonical-record';
import { hashChildren, hashLeaf } from '@pessoa/transparency-log/tree/hashes';
import { treeRoot } from '@pessoa/transparency-log/tree/tree-proofs';
import { newCpf } from '@pessoa/testkit/read-recorder';
import pg from 'pg';
import { RECORD_COLUMNS, type RecordRow } from '@pessoa/audit/record-row';
import { canonicalOf, CHAIN_COLUMNS, type ChainRow, chainPlaceOf, toRecord } from '../../src/records/audit-record.ts';
import { placeRecords } from '../../src/tree/place-records.ts';
import { TreeMovedError } from '../../src/tree/store-growth.ts';
import { countLostRecords, readTiles, readTree } from '../../src/tree/stored-tree.ts';
import { openRecordedReads, type RecordedReads } from '../recorded-reads.ts';

describe('the place of a record', () => {
  let reads: RecordedReads;
  let db: pg.Client;
  beforeEach(async () => {
    reads = await openRecordedReads();
    db = await reads.auditorSession();
  });
  afterEach(() => reads.close());

  /** The leaves as a naive tree of RFC 6962 has them. */
  const rootOf = (leaves: readonly Uint8Array[]): Uint8Array => {
    if (leaves.length === 1) return leaves[0]!;
    let split = 1;
    while (split * 2 < leaves.length) split *= 2;
    return hashChildren(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
  };
  type Leaf = RecordRow & ChainRow & { place: string; nonce: Buffer; entry: Buffer };
  const leaves = async (): Promise<Leaf[]> =>
    (
      await db.query<Leaf>(
        `SELECT ${RECORD_COLUMNS}, ${CHAIN_COLUMNS}, l.place, l.nonce, l.entry FROM transparency.leaf l
         JOIN public.acesso a ON a.id = l.acesso_id ORDER BY l.place`,
      )
    ).rows;
  const pendingCount = async (): Promise<number> =>
    (await db.query<{ count: number }>('SELECT count(*)::int AS count FROM transparency.pending')).rows[0]!.count;

  it('is given to every record, in the order in which they were committed, and the tree is that of RFC 6962', async () => {
    const written: string[] = [];
    for (let answer = 0; answer < 20; answer++) written.push((await reads.record(1))[0]!.id);
    const { tree, records } = await placeRecords(db, await readTree(db), reads.people());
    expect(records.map(({ id }) => id)).toEqual(written);
    const stored = await leaves();
    expect(stored.map(({ place }) => Number(place))).toEqual(written.map((_, at) => at));
    expect(stored.map(({ id }) => id)).toEqual(written);
    for (const row of stored)
      expect(row.entry).toEqual(
        Buffer.from(entryOf(row.nonce, canonicalOf(toRecord(row, row.nonce, chainPlaceOf(row), reads.keys)))),
      );
    expect(tree.size).toBe(20);
    expect(tree.root).toEqual(rootOf(stored.map(({ entry }) => hashLeaf(entry))));
    expect(await pendingCount()).toBe(0);
  });

  it('goes on over the edges of tiles and of batches', async () => {
    const sizes = [1, 254, 1, 1, 255, 2_300];
    let total = 0;
    let tree = await readTree(db);
    for (const size of sizes) {
      await reads.log.record(Array.from({ length: size }, () => reads.read()));
      total += size;
      while (tree.size < total) tree = (await placeRecords(db, tree, reads.people())).tree;
      expect(Buffer.from(tree.root)).toEqual((await readTree(db)).root);
    }
    const entries = (await leaves()).map(({ entry }) => hashLeaf(entry));
    expect(entries).toHaveLength(total);
    expect(Buffer.from(tree.root)).toEqual(Buffer.from(rootOf(entries)));
    expect(await treeRoot(total, (ids) => readTiles(db, ids))).toEqual(rootOf(entries));
  });

  it('is given once when two processes place records at the same time, and the one that is behind learns it', async () => {
    const other = new pg.Client({ connectionString: reads.bases.auditoria.auditorUrl });
    await other.connect();
    try {
      // Of one person: so many new people might not fit into a batch of a busy machine.
      const person = newCpf();
      await reads.log.record(Array.from({ length: 50 }, () => reads.read({ cpf: person })));
      const tree = await readTree(db);
      const results = await Promise.allSettled([
        placeRecords(db, tree, reads.people()),
        placeRecords(other, tree, reads.people()),
      ]);
      expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const [refused] = results.filter((result) => result.status === 'rejected');
      expect(refused!.reason).toBeInstanceOf(TreeMovedError);
      expect(await leaves()).toHaveLength(50);
      expect((await readTree(db)).size).toBe(50);
    } finally {
      await other.end();
    }
  });

  it('is not given to a record whose row is gone: it stays pending, and the others go on', async () => {
    const [lost] = await reads.record(1);
    const [kept] = await reads.record(1);
    await reads.bases.auditoria.owner.query('ALTER TABLE acesso DISABLE TRIGGER acesso_append_only');
    await reads.bases.auditoria.owner.query('DELETE FROM acesso WHERE id = $1', [lost!.id]);
    const placed = await placeRecords(db, await readTree(db), reads.people());
    expect(placed.records.map(({ id }) => id)).toEqual([kept!.id]);
    expect(await countLostRecords(db)).toBe(1);
    expect((await placeRecords(db, placed.tree, reads.people())).records).toEqual([]);
    expect(await pendingCount()).toBe(1);
  });
});

describe('a record that is pending again', () => {
  it('has one place, and stops waiting', async () => {
    const reads = await openRecordedReads();
    const db = new pg.Client({ connectionString: reads.bases.auditoria.auditorUrl });
    await db.connect();
    try {
      const [read] = await reads.record(1);
      const { owner } = reads.bases.auditoria;
      const queue = 'INSERT INTO transparency.pending (acesso_id) VALUES ($1)';
      await owner.query(queue, [read!.id]);
      const { tree, records } = await placeRecords(db, await readTree(db), reads.people());
      expect(records.map(({ id }) => id)).toEqual([read!.id]);
      await owner.query(queue, [read!.id]);
      expect(await placeRecords(db, tree, reads.people())).toMatchObject({ records: [], tree: { size: 1 } });
      expect((await owner.query('SELECT FROM transparency.pending')).rowCount).toBe(0);
    } finally {
      await db.end();
      await reads.close();
    }
  });
});

describe('the tables of the tree', () => {
  let reads: RecordedReads;
  beforeAll(async () => {
    reads = await openRecordedReads();
    const db = new pg.Client({ connectionString: reads.bases.auditoria.auditorUrl });
    await db.connect();
    await reads.record(3);
    await placeRecords(db, await readTree(db), reads.people());
    await reads.record(1);
    await db.end();
  });
  afterAll(() => reads.close());

  it.each([
    ['a leaf is changed', `UPDATE transparency.leaf SET nonce = sha256('')`],
    ['a leaf is removed', 'DELETE FROM transparency.leaf'],
    ['leaves are emptied', 'TRUNCATE transparency.leaf'],
    ['a tile is changed', `UPDATE transparency.tile SET hashes = sha256('')`],
    ['a tile is removed', 'DELETE FROM transparency.tile'],
    ['the tree shrinks', 'UPDATE transparency.tree SET size = size - 1'],
    ['the root changes alone', `UPDATE transparency.tree SET root = sha256('x')`],
    ['the index of a person is changed', `UPDATE transparency.person SET person_index = sha256('')`],
    ['the index of a person is removed', 'DELETE FROM transparency.person'],
    ['a node of the map is changed', `UPDATE transparency.map_node SET children = ''`],
    ['the newest node of the map is removed', `DELETE FROM transparency.map_node WHERE path = ''`],
    ['nodes of the map are emptied', 'TRUNCATE transparency.map_node'],
    ['a record without a place stops waiting', 'DELETE FROM transparency.pending'],
    ['a record waits for the place of another', 'UPDATE transparency.pending SET acesso_id = gen_random_uuid()'],
  ])('refuse it to everybody, the owner included, that %s', async (_case, statement) => {
    await expect(reads.bases.auditoria.owner.query(statement)).rejects.toThrow(/append-only|only grows|stays pending/);
  });

  it('are not for the writer of a service or the reader of Event', async () => {
    for (const url of [reads.bases.auditoria.writerUrl, reads.bases.auditoria.readerUrl]) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await expect(client.query('SELECT * FROM transparency.leaf')).rejects.toThrow('permission denied for schema');
      await client.end();
    }
  });
});
