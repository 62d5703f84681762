import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { placeRecords } from '../../src/tree/place-records.ts';
import { readTree } from '../../src/tree/stored-tree.ts';
import { openRecordedReads } from '../recorded-reads.ts';

const sqlOf = (migration: string): Promise<string> =>
  readFile(new URL(`../../../packages/audit/migrations/${migration}/migration.sql`, import.meta.url), 'utf8');

it('An audit that had records before the log gives each a place, the older ones first, also those that come meanwhile', async () => {
  const reads = await openRecordedReads();
  const { owner, auditorUrl } = reads.bases.auditoria;
  const db = new pg.Client({ connectionString: auditorUrl });
  try {
    await owner.query('DROP SCHEMA transparency CASCADE');
    await owner.query('DROP TRIGGER IF EXISTS acesso_awaits_place ON acesso');
    const before: string[] = [];
    for (let read = 0; read < 5; read++)
      before.push((await reads.record(1, { dataHora: new Date(Date.UTC(2020, 0, 1) + 1_000 * read) }))[0]!.id);
    const sql = await sqlOf('20261130000000_transparency');
    const backfill = sql.indexOf('-- What was recorded before');
    await owner.query(sql.slice(0, backfill));
    const [meanwhile] = await reads.record(1);
    await owner.query(sql.slice(backfill));
    const [after] = await reads.record(1);
    for (const statement of (await sqlOf('20261130080000_person_map')).split(/;$/m)) await owner.query(statement);
    await owner.query('GRANT USAGE ON SCHEMA transparency TO PUBLIC');
    await owner.query('GRANT ALL ON ALL TABLES IN SCHEMA transparency TO PUBLIC');
    await db.connect();
    const { records } = await placeRecords(db, await readTree(db), reads.people());
    expect(records.map(({ id }) => id)).toEqual([...before, meanwhile!.id, after!.id]);
  } finally {
    await db.end();
    await reads.close();
  }
});
