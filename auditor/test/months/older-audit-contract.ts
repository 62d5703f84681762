import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openOlderAudit, type OlderAudit } from '@pessoa/testkit/older-audit';
import { openReadRecorder, type ReadRecorder } from '@pessoa/testkit/read-recorder';
import pg from 'pg';
import { guardsOf } from './unguarded-tables.ts';

const MONTHS = '20261130100000_months';

/** What the migration does to an audit with records. */
export function describeOlderAudit(): void {
  describe('An audit from before its months', () => {
    let audit: OlderAudit;
    let owner: pg.Pool;
    let recorder: ReadRecorder;
    beforeEach(async () => {
      audit = await openOlderAudit(MONTHS);
      owner = audit.bases.auditoria.owner;
      recorder = openReadRecorder(audit.bases);
    });
    afterEach(async () => {
      await recorder.close();
      await audit.close();
    });

    const rows = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> =>
      (await owner.query<Row>(text, values)).rows;
    const all = () => rows('SELECT * FROM acesso ORDER BY id');
    const placesOf = () =>
      rows<{ part: string; count: number }>(
        'SELECT tableoid::regclass::text AS part, count(*)::int FROM acesso GROUP BY 1 ORDER BY 1',
      );
    /** Records of a usual audit, and some with ids of version 4, which are of any time. */
    const fill = async (): Promise<void> => {
      for (let n = 0; n < 30; n++) await recorder.record(1, { id: randomUUIDv7() });
      for (let n = 0; n < 40; n++)
        await recorder.record(1, { id: randomUUID(), dataHora: new Date('2024-02-29T12:00:00Z') });
      await recorder.record(1, { id: '01ffffff-ffff-4fff-8fff-ffffffffffff' }); // of 2039, if it had a time
      await recorder.record(1, { id: '00000000-0000-4000-8000-000000000000' });
    };

    it('keeps each record, and what waits for its place waits once', async () => {
      await fill();
      const before = await all();
      const waiting = await rows('SELECT * FROM transparency.pending ORDER BY position');
      expect(await audit.migrate()).toContain(MONTHS);
      expect(await all()).toEqual(before);
      expect(await rows('SELECT * FROM transparency.pending ORDER BY position')).toEqual(waiting);
      const parts = new Map((await placesOf()).map(({ part, count }) => [part, count]));
      expect(parts.get('months.acesso_before')).toBeGreaterThanOrEqual(31);
      expect(parts.get('months.acesso_others')).toBeGreaterThanOrEqual(1);
      expect(await audit.migrate()).toEqual([]);
    });

    it('takes new records as before, under the same rules', async () => {
      await fill();
      await owner.query('ALTER TABLE acesso DROP CONSTRAINT acesso_finalidade_check');
      await recorder.record(1, { finalidade: 'como antes' as never });
      await owner.query(
        "ALTER TABLE acesso ADD CONSTRAINT acesso_finalidade_check CHECK (finalidade ~ '^[A-Z_]{1,32}$') NOT VALID",
      );
      await audit.migrate();
      const [{ count }] = (await rows<{ count: number }>(
        'SELECT count(*)::int AS count FROM transparency.pending',
      )) as [{ count: number }];
      const [record] = await recorder.record(1, { id: randomUUIDv7() });
      await recorder.log.record([record!]);
      expect(await rows('SELECT acesso_id FROM transparency.pending ORDER BY position DESC LIMIT 1')).toEqual([
        { acesso_id: record!.id },
      ]);
      expect(await rows('SELECT count(*)::int AS count FROM transparency.pending')).toEqual([{ count: count + 1 }]);
      await expect(recorder.record(1, { finalidade: 'como antes' as never })).rejects.toThrow(
        'acesso_finalidade_check',
      );
      await expect(owner.query('DELETE FROM acesso')).rejects.toThrow('append-only');
      await expect(owner.query("UPDATE acesso SET servico = 'x'")).rejects.toThrow('append-only');
      await expect(owner.query('TRUNCATE acesso')).rejects.toThrow('append-only');
      expect(await guardsOf(owner)).toEqual([]);
      expect(
        await rows(
          'SELECT DISTINCT transparency.retention_class(a) AS class, transparency.is_erasure(a) AS is FROM acesso a',
        ),
      ).toEqual([{ class: 'CONSULTA', is: false }]);
      const names = (table: string) =>
        rows<{ columns: string }>(
          `SELECT regexp_replace(indexdef, '^.* USING ', '') AS columns FROM pg_indexes WHERE schemaname || '.' || tablename = $1 ORDER BY 1`,
          [table],
        );
      expect(await names('months.acesso_before')).toEqual(await names('public.acesso'));
      expect(await names('public.acesso')).toHaveLength(5);
    });

    it('keeps the rights of each role, and gives nobody a right on a month', async () => {
      const [writer, reader] = [audit.bases.auditoria.writerUrl, audit.bases.auditoria.readerUrl].map(
        (url) => new URL(url).username,
      );
      await owner.query(`REVOKE ALL ON acesso FROM ${reader}`);
      await owner.query(`GRANT SELECT (id, data_hora) ON acesso TO ${reader} WITH GRANT OPTION`);
      const rights = () =>
        rows(
          `SELECT a.grantee::regrole::text AS role, a.privilege_type, a.is_grantable, NULL AS attname FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = 'public.acesso'::regclass AND a.grantee <> c.relowner
         UNION ALL SELECT a.grantee::regrole::text, a.privilege_type, a.is_grantable, t.attname FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = 'public.acesso'::regclass
         ORDER BY 1, 2, 4`,
        );
      const before = await rights();
      expect(JSON.stringify(before)).toContain(writer);
      await audit.migrate();
      expect(await rights()).toEqual(before);
      const client = new pg.Client({ connectionString: audit.bases.auditoria.writerUrl });
      await client.connect();
      await expect(client.query('SELECT FROM months.acesso_before')).rejects.toThrow(
        'permission denied for schema months',
      );
      await client.end();
    });

    it('waits for a long query without making the writers wait, and then goes on', async () => {
      await recorder.record(3);
      const reader = await owner.connect();
      await reader.query('BEGIN');
      await reader.query('SELECT FROM acesso');
      const migrated = audit.migrate();
      const longest: number[] = [];
      const until = performance.now() + 9_000;
      while (performance.now() < until) {
        const began = performance.now();
        await recorder.record(1);
        longest.push(performance.now() - began);
        await sleep(50);
      }
      expect(Math.max(...longest)).toBeGreaterThan(1_000); // it has tried
      expect(Math.max(...longest)).toBeLessThan(6_000);
      expect(longest.length).toBeGreaterThan(10);
      await reader.query('ROLLBACK');
      reader.release();
      expect(await migrated).toContain(MONTHS);
      expect((await all()).length).toBe(3 + longest.length);
    });

    it('is migrated by the next run when a run was ended anywhere', async () => {
      await fill();
      const before = await all();
      const reader = await owner.connect();
      await reader.query('BEGIN');
      await reader.query('SELECT FROM acesso');
      const outcome = audit.migrate().then(
        () => 'migrated',
        () => 'failed',
      );
      for (;;) {
        const ended = await rows(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%DO LANGUAGE plpgsql%' AND pid <> pg_backend_pid()`,
        );
        if (ended.length > 0) break;
        await sleep(50);
      }
      expect(await outcome).toBe('failed');
      await reader.query('ROLLBACK');
      reader.release();
      expect(await rows(`SELECT relkind FROM pg_class WHERE oid = 'acesso'::regclass`)).toEqual([{ relkind: 'r' }]);
      expect(await audit.migrate()).toContain(MONTHS);
      expect(await all()).toEqual(before);
      // Ended after its last statement, before the engine noted it.
      await owner.query(
        `UPDATE _prisma_migrations SET finished_at = NULL, applied_steps_count = 0 WHERE migration_name = $1 AND rolled_back_at IS NULL`,
        [MONTHS],
      );
      expect(await audit.migrate()).toEqual([MONTHS]);
      expect(await all()).toEqual(before);
    });
  });
}
