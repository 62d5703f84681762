import { setTimeout as sleep } from 'node:timers/promises';
import { openPool, writingSettings } from '@pessoa/postgres/connection-pool';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import type pg from 'pg';
import { type Acesso, type AuditLog, postgresAuditLog } from '../src/audit-log.ts';
import { keepUnansweredReads } from '../src/unanswered-reads.ts';
import { newAcesso } from './new-acesso.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const RETRY_MILLIS = 50;

describe('Reads whose answer was withheld because the audit could not be written', () => {
  let bases: TestBases;
  let log: AuditLog;
  let now: Date;
  let lost: number;
  beforeAll(async () => void (bases = await openTestBases()));
  afterAll(() => bases.drop());
  beforeEach(() => {
    now = NOW;
    lost = 0;
    const pool = openPool({ connectionString: bases.auditoria.writerUrl, max: 2 }, writingSettings(200));
    log = keepUnansweredReads(postgresAuditLog(pool, { waitMillis: 200 }), {
      onLost: (rows) => (lost += rows),
      clock: { now: () => now },
      retryMillis: RETRY_MILLIS,
      rowsMax: 4,
    });
  });

  const acesso = (fields: Partial<Acesso> = {}): Acesso => newAcesso({ dataHora: NOW, ...fields });
  const rowsOf = async (...acessos: Acesso[]) => {
    const { rows } = await bases.auditoria.owner.query<Record<string, unknown>>(
      'SELECT id, resultado, campos, data_hora FROM acesso WHERE id = ANY ($1) ORDER BY array_position($1, id)',
      [acessos.map(({ id }) => id)],
    );
    return rows;
  };
  const lock = async (): Promise<pg.PoolClient> => {
    const client = await bases.auditoria.owner.connect();
    await client.query('BEGIN');
    await client.query('LOCK TABLE acesso IN SHARE MODE');
    return client;
  };
  const unlock = async (client: pg.PoolClient): Promise<void> => {
    await client.query('ROLLBACK');
    client.release();
  };
  const untilStored = async (...acessos: Acesso[]): Promise<void> => {
    while ((await rowsOf(...acessos)).length < acessos.length) await sleep(10);
  };

  it('are stored as FALHA with their own instants when the audit answers again, and who was refused as NEGADO', async () => {
    const [read, refused] = [acesso(), acesso({ resultado: 'NEGADO', campos: [] })];
    const locked = await lock();
    await expect(log.record([read, refused])).rejects.toThrow();
    await sleep(3 * RETRY_MILLIS);
    await unlock(locked);
    await untilStored(read, refused);
    expect(await rowsOf(read, refused)).toEqual([
      { id: read.id, resultado: 'FALHA', campos: [], data_hora: NOW },
      { id: refused.id, resultado: 'NEGADO', campos: [], data_hora: NOW },
    ]);
    expect(lost).toBe(0);
    await log.close();
  });

  it('are stored when the process ends', async () => {
    const read = acesso();
    const locked = await lock();
    await expect(log.record([read])).rejects.toThrow();
    await unlock(locked);
    await log.close();
    expect(await rowsOf(read)).toMatchObject([{ resultado: 'FALHA' }]);
  });

  it('are counted as lost when the process ends before the audit answers', async () => {
    const read = acesso();
    const locked = await lock();
    await expect(log.record([read])).rejects.toThrow();
    await log.close();
    await unlock(locked);
    expect(lost).toBe(1);
    expect(await rowsOf(read)).toEqual([]);
  });

  it('are given up after 45 s: a record that comes later looks like one with a false date', async () => {
    const [old, fresh] = [acesso(), acesso({ dataHora: new Date(NOW.getTime() + 1) })];
    const locked = await lock();
    await expect(log.record([old, fresh])).rejects.toThrow();
    now = new Date(NOW.getTime() + 45_000);
    await unlock(locked);
    await untilStored(fresh);
    expect([await rowsOf(old), lost]).toEqual([[], 1]);
    await log.close();
  });

  it('are at most as many as there is room for, and the others are counted as lost', async () => {
    const reads = Array.from({ length: 3 }, () => acesso());
    const others = Array.from({ length: 3 }, () => acesso());
    const locked = await lock();
    await Promise.all([reads, others].map((rows) => expect(log.record(rows)).rejects.toThrow()));
    await unlock(locked);
    await log.close();
    expect([(await rowsOf(...reads, ...others)).length, lost]).toEqual([4, 2]);
  });

  it('are stored beside a row that can never be stored, and that one alone is lost', async () => {
    const reads = [acesso(), acesso({ operacao: 'um texto' }), acesso(), acesso()];
    const locked = await lock();
    await Promise.all(reads.map((read) => expect(log.record([read])).rejects.toThrow()));
    await unlock(locked);
    await log.close();
    expect((await rowsOf(...reads)).map(({ id }) => id)).toEqual([0, 2, 3].map((index) => reads[index]!.id));
    expect(lost).toBe(1);
  });

  describe('over a log that a test answers for', () => {
    let answer: (rows: readonly Acesso[]) => Promise<void>;
    let written: number[];
    const keeping = (rowsMax: number): AuditLog =>
      keepUnansweredReads(
        {
          record: (rows) => answer(rows),
          faults: () => Promise.resolve([]),
          close: () => Promise.resolve(),
        },
        { onLost: (rows) => (lost += rows), clock: { now: () => now }, retryMillis: 60_000, rowsMax },
      );
    const isAway = (): Promise<void> => Promise.reject(new Error('away'));
    beforeEach(() => void ([answer, written] = [isAway, []]));

    it('are given up when they get too old while others are stored', async () => {
      const kept = keeping(3_000);
      await expect(kept.record(Array.from({ length: 2_500 }, () => acesso()))).rejects.toThrow('away');
      answer = async (rows) => {
        written.push(rows.length);
        now = new Date(now.getTime() + 25_000);
      };
      await kept.close();
      expect([written, lost]).toEqual([[1_000, 1_000], 500]);
    });

    it('cost little each while the audit is away, however many wait', async () => {
      const kept = keeping(50_000);
      const read = acesso();
      const start = performance.now();
      for (let count = 0; count < 50_000; count++) await kept.record([read]).catch(() => {});
      expect(performance.now() - start).toBeLessThan(4_000);
      await kept.close();
      expect(lost).toBe(50_000);
    });
  });

  it('do not hold up an answer whose record can be written, and change nothing about it', async () => {
    const read = acesso();
    await log.record([read]);
    expect(await rowsOf(read)).toMatchObject([{ resultado: 'ATENDIDO', campos: read.campos }]);
    await log.close();
  });

  it('are not kept when the row itself is at fault: it could never be stored', async () => {
    await expect(log.record([acesso({ operacao: 'um texto' })])).rejects.toThrow('acesso_operacao_check');
    await log.close();
    expect(lost).toBe(0);
  });
});
