import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresAccessReader } from '@pessoa/audit/access-reader';
import { openAuditReaders } from '@pessoa/audit/audit-pool';
import { idsSince } from '@pessoa/audit/id-range';
import type { Logger } from '@pessoa/service/logging/logger';
import type pg from 'pg';
import { inTime } from '@pessoa/testkit/in-time';
import { checkPlacedRecords } from '../../src/checks/record-check.ts';
import { type ProvenPage, proveRecords } from '../../src/proofs/record-proofs.ts';
import { addMonths } from '../../src/records/month-partitions.ts';
import { placeRecords } from '../../src/tree/place-records.ts';
import { readTiles, readTree } from '../../src/tree/stored-tree.ts';
import { startAuditorUnderTest } from '../auditor-under-test.ts';
import { openRecordedReads, type RecordedReads } from '../recorded-reads.ts';
import { guardsOf } from './unguarded-tables.ts';

/** An id of version 7 of an instant. */
const idAt = (instant: Date): string => {
  const time = instant.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}${randomUUIDv7().slice(13)}`;
};
/** The middle of a month, so many from now. */
const inMonth = (months: number): Date => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 15, 12));
};
const partOf = (months: number): string =>
  `months.acesso_${inMonth(months).toISOString().slice(0, 7).replace('-', '_')}`;

/** What the months of an audit do. */
export function describeMonths(): void {
  describe('The audit by months', () => {
    let reads: RecordedReads;
    let owner: pg.Pool;
    let auditor: pg.Client;
    beforeEach(async () => {
      reads = await openRecordedReads();
      owner = reads.bases.auditoria.owner;
      auditor = await reads.auditorSession();
    });
    afterEach(() => reads.close());

    const rows = async (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
      (await owner.query(text, values)).rows;
    const partsOf = async (): Promise<string[]> =>
      (
        await rows(
          `SELECT inhrelid::regclass::text AS part FROM pg_inherits WHERE inhparent = 'acesso'::regclass ORDER BY 1`,
        )
      ).map(({ part }) => part as string);
    const addNow = () => auditor.query('SELECT transparency.add_months()');
    const whereIs = async (id: string) =>
      (await rows('SELECT tableoid::regclass::text AS part FROM acesso WHERE id = $1', [id]))[0]?.['part'];
    const recordAt = async (instant: Date, id = idAt(instant)) =>
      (await reads.record(1, { id, dataHora: instant }))[0]!;

    it('begins with this month, the three after it, and a place for every other id', async () => {
      expect(await partsOf()).toEqual([
        ...[0, 1, 2, 3].map(partOf),
        'months.acesso_before',
        'months.acesso_others',
        'months.acesso_random',
      ]);
      expect(await whereIs((await recordAt(new Date())).id)).toBe(partOf(0));
      expect(await whereIs((await recordAt(inMonth(3))).id)).toBe(partOf(3));
      expect(await whereIs((await recordAt(inMonth(4))).id)).toBe('months.acesso_others');
      expect(await whereIs((await recordAt(new Date('2021-01-01T00:00:00Z'))).id)).toBe('months.acesso_before');
      expect(await whereIs((await recordAt(new Date(), 'f47ac10b-58cc-4372-a567-0e02b2c3d479')).id)).toBe(
        'months.acesso_random',
      );
      expect(await guardsOf(owner)).toEqual([]);
    });

    it('gets the months that are missing from the role of the auditor, which may do nothing else there', async () => {
      const before = await partsOf();
      await addNow();
      expect(await partsOf()).toEqual(before);
      await owner.query(`DROP TABLE ${partOf(3)}`);
      await owner.query(`DROP TABLE ${partOf(2)}`);
      await addNow();
      expect(await partsOf()).toEqual(before);
      expect(await guardsOf(owner)).toEqual([]);
      for (const statement of [
        `SELECT months.add('2030-01-01')`,
        'SELECT FROM months.acesso_others',
        'CREATE TABLE months.x ()',
        `DROP TABLE ${partOf(1)}`,
      ])
        await expect(auditor.query(statement)).rejects.toThrow(/permission denied|must be owner/);
    });

    it('moves what came before its month was there, whole and once, also ids of version 4', async () => {
      await owner.query(`DROP TABLE ${partOf(3)}`);
      const early = await recordAt(inMonth(3));
      const random = await recordAt(inMonth(0), idAt(inMonth(3)).replace('-7', '-4'));
      const later = await recordAt(inMonth(5));
      const before = await rows('SELECT * FROM acesso ORDER BY id');
      const waiting = await rows('SELECT * FROM transparency.pending');
      expect(await whereIs(early.id)).toBe('months.acesso_others');
      await addNow();
      for (const { id } of [early, random]) expect(await whereIs(id)).toBe(partOf(3));
      expect(await whereIs(later.id)).toBe('months.acesso_others');
      expect(await rows('SELECT * FROM acesso ORDER BY id')).toEqual(before);
      expect(await rows('SELECT * FROM transparency.pending')).toEqual(waiting);
      expect(await guardsOf(owner)).toEqual([]);
      await expect(owner.query('DELETE FROM months.acesso_others')).rejects.toThrow('append-only');
    });

    it('has one record of an id, in whichever month', async () => {
      const record = await recordAt(new Date());
      await reads.log.record([record, record]);
      expect(await rows('SELECT count(*)::int AS count FROM acesso')).toEqual([{ count: 1 }]);
    });

    it('gets them from the auditor that leads, when it begins', async () => {
      const before = await partsOf();
      await owner.query(`DROP TABLE ${partOf(3)}`);
      const started = await startAuditorUnderTest({}, reads);
      try {
        while ((await partsOf()).length < before.length) await sleep(50);
        expect(await partsOf()).toEqual(before);
      } finally {
        await started.stop();
        await started.environment.close();
      }
    });

    it('is looked at once an hour, by a leader that goes on when a month must wait, but not without its connection', async () => {
      let millis = 5;
      const warnings: unknown[] = [];
      const logger = { warn: (fields: unknown) => warnings.push(fields) } as unknown as Logger;
      const look = addMonths(auditor, logger, () => millis);
      const drop = () => owner.query(`DROP TABLE IF EXISTS ${partOf(3)}`);
      await drop();
      await look();
      expect(await partsOf()).toContain(partOf(3));
      await drop();
      millis += 3_599_000;
      await look();
      expect(await partsOf()).not.toContain(partOf(3));

      const reader = await owner.connect();
      await reader.query('BEGIN');
      await reader.query('SELECT FROM acesso');
      millis += 1_001;
      await look();
      expect(warnings).toEqual([{ err: expect.objectContaining({ code: '55P03' }) }]);
      await reader.query('ROLLBACK');
      reader.release();
      expect(await partsOf()).not.toContain(partOf(3));
      millis += 3_600_001;
      await look();
      expect(await partsOf()).toContain(partOf(3));

      auditor.on('error', () => undefined);
      await expect(auditor.query('SELECT pg_terminate_backend(pg_backend_pid())')).rejects.toThrow();
      millis += 3_600_001;
      await expect(look()).rejects.toThrow();
      expect(warnings).toHaveLength(1);
    });

    it('has all records of an interaction that a client used again in other months, for the proofs of its reads', async () => {
      const interacao = randomUUID();
      const fields = { interacao, clientId: 'lote', sujeito: 'robô' };
      const made: string[] = [];
      for (const instant of [new Date('2021-01-01T00:00:00Z'), inMonth(0), inMonth(2), inMonth(5)])
        made.push((await reads.record(1, { ...fields, id: idAt(instant) }))[0]!.id);
      made.push((await reads.record(1, { ...fields, id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479' }))[0]!.id);
      await reads.record(2, { ...fields, clientId: 'loja' });
      await reads.record(2, { ...fields, sujeito: 'outro' });
      const { tree } = await placeRecords(auditor, await readTree(auditor), reads.people());
      await auditor.query('INSERT INTO transparency.checkpoint (size, note) VALUES ($1, $2)', [tree.size, 'note']);
      const find = async (after?: string): Promise<string[]> => {
        const page = await proveRecords({ db: owner, keys: reads.keys, readTiles }, { ...fields, after });
        return (page as ProvenPage).records.map(({ registro }) => registro.id);
      };
      expect(await find()).toEqual(made);
      for (const [at, id] of made.entries()) expect(await find(id)).toEqual(made.slice(at + 1));
      expect(await find(idAt(inMonth(1)))).toEqual(made.slice(2));
    });

    it('does not wait for long to add a month, and writers do not wait for it', async () => {
      await owner.query(`DROP TABLE ${partOf(3)}`);
      const reader = await owner.connect();
      await reader.query('BEGIN');
      await reader.query('SELECT FROM acesso');
      /** The longest that a writer took meanwhile, in milliseconds. */
      const attempt = async (): Promise<number> => {
        const began = performance.now();
        const refusal = addNow().then(
          () => 'added',
          ({ code }: { code: string }) => code,
        );
        const millis: number[] = [];
        while (performance.now() < began + 900) {
          const at = performance.now();
          await reads.record(1, { id: randomUUIDv7() });
          millis.push(performance.now() - at);
        }
        expect(await refusal).toBe('55P03');
        return Math.max(...millis);
      };
      let longest = await inTime(3_000, attempt);
      for (let tries = 1; tries < 3 && longest >= 700; tries++) longest = await inTime(3_000, attempt); // the machine may be busy
      expect(longest).toBeLessThan(700); // far less than the second that it waits
      await reader.query('ROLLBACK');
      reader.release();
      await addNow();
      expect(await partsOf()).toContain(partOf(3));
    });

    it('refuses every change of a partition that is named by itself, and queues what is inserted there', async () => {
      const { id } = await recordAt(new Date());
      for (const statement of ['DELETE FROM', 'TRUNCATE'])
        await expect(owner.query(`${statement} ${partOf(0)}`)).rejects.toThrow('append-only');
      await expect(owner.query(`UPDATE ${partOf(0)} SET servico = 'x'`)).rejects.toThrow('append-only');
      await expect(owner.query('TRUNCATE acesso')).rejects.toThrow('append-only');
      const copy = idAt(new Date());
      await owner.query(
        `INSERT INTO ${partOf(0)} SELECT (jsonb_populate_record(a, jsonb_build_object('id', $1::text))).* FROM acesso a WHERE id = $2`,
        [copy, id],
      );
      expect(await rows('SELECT acesso_id FROM transparency.pending ORDER BY position')).toEqual([
        { acesso_id: id },
        { acesso_id: copy },
      ]);
    });

    it.each([
      ['dropped', (part: string) => `DROP TABLE ${part}`],
      ['detached', (part: string) => `ALTER TABLE acesso DETACH PARTITION ${part}`],
    ])(
      'that its owner has %s in part lacks these records, which the check of the auditor finds',
      async (_, statement) => {
        await recordAt(inMonth(1));
        await recordAt(new Date());
        const { tree } = await placeRecords(auditor, await readTree(auditor), reads.people());
        expect(await checkPlacedRecords(auditor, 0, tree, reads.keys)).toEqual([]);
        await owner.query(statement(partOf(1)));
        expect(await checkPlacedRecords(auditor, 0, tree, reads.keys)).toEqual([{ kind: 'removed', at: '0' }]);
      },
    );

    it('is read from the months of a period alone, and no record of the period is left out, whatever its id', async () => {
      const { readerUrl } = reads.bases.auditoria;
      const cpfHash = '5'.repeat(32);
      const of = (instant: Date, id = idAt(instant)) =>
        reads.log.record([reads.read({ cpfHash, id, dataHora: instant })]);
      for (let month = 0; month <= 3; month++) await of(inMonth(month));
      const pool = openAuditReaders({ url: readerUrl, timeoutMillis: 5_000 }, 1);
      const reader = postgresAccessReader(pool);
      try {
        const since = inMonth(2);
        const find = async () => (await reader.find({ cpfHashes: [cpfHash], from: since, limit: 10 })).length;
        const executed = async (): Promise<string[]> => {
          const { rows: lines } = await owner
            .query<{ 'QUERY PLAN': string }>(
              `SET plan_cache_mode = force_generic_plan; PREPARE list (timestamptz) AS
               SELECT FROM acesso a WHERE a.cpf_hash = '${cpfHash}' AND a.data_hora >= $1 AND ${idsSince('$1')}; `,
            )
            .then(() => owner.query(`EXPLAIN (ANALYZE, COSTS off) EXECUTE list ('${since.toISOString()}')`));
          await owner.query('DEALLOCATE list');
          return lines
            .map((line) => line['QUERY PLAN'])
            .filter((line) => /Scan .*on acesso_(?!id_range)/.test(line) && !line.includes('never executed'))
            .map((line) => / on (\w+)/.exec(line)![1]!);
        };
        expect(await find()).toBe(2);
        expect((await executed()).toSorted()).toEqual(
          [...[2, 3].map((month) => partOf(month).slice(7)), 'acesso_others', 'acesso_random'].toSorted(),
        );
        await of(inMonth(3), randomUUID());
        await of(inMonth(2), '00000001-0000-4000-8000-000000000000');
        await of(inMonth(3), idAt(inMonth(0)));
        expect(await find()).toBe(5);
        expect(await reader.count({ cpfHashes: [cpfHash], from: since, limit: 10 })).toEqual(new Map([[cpfHash, 5]]));
      } finally {
        await reader.close();
      }
    });
  });
}
