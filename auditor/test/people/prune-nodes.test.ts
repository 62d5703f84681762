import { mapRoot } from '@pessoa/transparency-log/map/find-entries';
import pg from 'pg';
import { nodesAt, pruneNodes } from '../../src/people/map-nodes.ts';
import { placeRecords } from '../../src/tree/place-records.ts';
import { readTree } from '../../src/tree/stored-tree.ts';
import { openRecordedReads, type RecordedReads } from '../recorded-reads.ts';

describe('Old nodes of the map', () => {
  let reads: RecordedReads;
  let db: pg.Client;
  beforeAll(async () => {
    reads = await openRecordedReads();
    db = await reads.auditorSession();
  });
  afterAll(() => reads.close());

  const count = async (table: string): Promise<number> =>
    (await db.query<{ count: number }>(`SELECT count(*)::int AS count FROM transparency.${table}`)).rows[0]!.count;

  it('go once two newer checkpoints are published, and the map of both is whole until then', async () => {
    const people = reads.people();
    let tree = await readTree(db);
    const trees = [];
    for (let batch = 0; batch < 5; batch++) {
      await reads.record(30);
      ({ tree } = await placeRecords(db, tree, people));
      trees.push(tree);
      await db.query(`INSERT INTO transparency.checkpoint (size, note) VALUES ($1, 'test')`, [tree.size]);
    }
    const before = await count('map_node');
    await pruneNodes(db);
    expect(await count('map_node')).toBeLessThan(before);
    const [, , older, previous, newest] = trees;
    for (const kept of [previous!, newest!])
      expect(Buffer.from(await mapRoot(nodesAt(db, kept.size)))).toEqual(Buffer.from(kept.mapRoot));
    expect(Buffer.from(await mapRoot(nodesAt(db, older!.size)))).not.toEqual(Buffer.from(older!.mapRoot));
    const left = await count('map_node');
    await pruneNodes(db);
    expect(await count('map_node')).toBe(left);
    expect((await db.query('SELECT FROM transparency.stale_map_node WHERE since <= $1', [previous!.size])).rowCount).toBe(0); // prettier-ignore
  });

  it('stay while fewer than two checkpoints are published', async () => {
    const fresh = await openRecordedReads();
    const client = new pg.Client({ connectionString: fresh.bases.auditoria.auditorUrl });
    await client.connect();
    try {
      for (let batch = 0; batch < 3; batch++) {
        await fresh.record(10);
        await placeRecords(client, await readTree(client), fresh.people());
      }
      await client.query(`INSERT INTO transparency.checkpoint (size, note) VALUES (30, 'test')`);
      const nodes = 'SELECT path, version FROM transparency.map_node ORDER BY path, version';
      const { rows } = await client.query(nodes);
      await pruneNodes(client);
      expect((await client.query(nodes)).rows).toEqual(rows);
    } finally {
      await client.end();
      await fresh.close();
    }
  });
});
