import { setTimeout as sleep } from 'node:timers/promises';
import { cutConnections } from '@pessoa/testkit/cut-connections';
import { openTcpRelay } from '@pessoa/testkit/tcp-relay';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { boundAcquire } from '../src/bounded-acquire.ts';
import { keepConnections } from '../src/kept-connections.ts';

const MAX = 6;

describe('The connections to a base', () => {
  let bases: TestBases;
  let pool: pg.Pool;
  beforeAll(async () => {
    bases = await openTestBases();
  });
  afterAll(() => bases.drop());
  afterEach(() => pool.end());

  function openPool(url: string): pg.Pool {
    pool = new pg.Pool({ connectionString: url, max: MAX, min: MAX, connectionTimeoutMillis: 5_000 });
    pool.on('error', () => {});
    return pool;
  }

  const openConnections = async (): Promise<number> => {
    const { rowCount } = await bases.baseA.owner.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND usename = 'base_a_reader'",
    );
    return rowCount ?? 0;
  };

  it('are opened up to the maximum of the pool, and no more when `open` is called again', async () => {
    const { open } = keepConnections(openPool(bases.baseA.readerUrl));
    await Promise.all([open(), open()]);
    await open();
    expect(pool).toMatchObject({ totalCount: MAX, idleCount: MAX });
    expect(await openConnections()).toBe(MAX);
  });

  it('are opened again after a loss, without a read', async () => {
    const { open } = keepConnections(openPool(bases.baseA.readerUrl));
    await open();
    expect(await cutConnections(bases.baseA.readerUrl)).toBe(MAX);
    const deadline = performance.now() + 15_000;
    while (pool.totalCount === MAX && performance.now() < deadline) await sleep(1); // until the pool notices the loss
    expect(pool.totalCount).toBeLessThan(MAX);
    while (pool.idleCount < MAX && performance.now() < deadline) await sleep(20);
    expect(pool).toMatchObject({ totalCount: MAX, idleCount: MAX });
    expect(await openConnections()).toBe(MAX);
  });

  it('are opened even if that takes longer than the time limit of a reader', async () => {
    const { host, port } = new pg.Client({ connectionString: bases.baseA.readerUrl });
    const relay = await openTcpRelay({ host, port });
    try {
      const slow = openPool(relay.through(bases.baseA.readerUrl));
      boundAcquire(slow, 60);
      relay.hang(true);
      await expect(slow.query('SELECT 1')).rejects.toThrow('timeout exceeded when trying to connect');
      await expect(slow.connect()).rejects.toThrow('timeout exceeded when trying to connect');
      expect(slow.totalCount).toBe(2);
      relay.hang(false);
      const deadline = performance.now() + 15_000;
      while (slow.idleCount < 2 && performance.now() < deadline) await sleep(20);
      expect(slow).toMatchObject({ totalCount: 2, idleCount: 2, waitingCount: 0 });
      expect((await slow.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    } finally {
      relay.hang(false);
      await relay.close();
    }
  });

  it('that cannot be opened cause no error, and are not tried again after the pool has ended', async () => {
    const url = new URL(bases.baseA.readerUrl);
    url.port = '1';
    const { open } = keepConnections(openPool(url.href));
    let tries = 0;
    const query = pool.query.bind(pool) as (statement: string) => Promise<unknown>;
    pool.query = ((statement: string) => {
      tries++;
      return query(statement);
    }) as never;
    await open();
    expect(tries).toBe(1);
    const deadline = performance.now() + 15_000;
    while (tries === 1 && performance.now() < deadline) await sleep(20);
    expect(tries).toBe(2);
    const closing = pool;
    await closing.end();
    await sleep(1_500); // longer than the interval of a try: proves that there is none
    expect(tries).toBe(2);
    openPool(bases.baseA.readerUrl); // for the hook to close
  });
});
