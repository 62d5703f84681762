import { cutConnections } from '@pessoa/testkit/cut-connections';
import { messageOf, startPosingPostgres } from '@pessoa/testkit/posing-postgres';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import type pg from 'pg';
import { openPool, readingSettings } from '../src/connection-pool.ts';

describe('A pool of connections', () => {
  let bases: TestBases;
  let pool: pg.Pool;
  beforeAll(async () => {
    bases = await openTestBases();
    pool = openPool({ connectionString: bases.baseA.readerUrl, max: 1 }, readingSettings(5_000));
  });
  afterAll(async () => {
    await pool.end();
    await bases.drop();
  });

  it('outlives the loss of a connection that is in use but runs nothing', async () => {
    const client = await pool.connect();
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    expect(await cutConnections(bases.baseA.readerUrl)).toBe(1);
    await ended;

    await expect(client.query('SELECT 1')).rejects.toThrow();
    client.release();
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('ends a connection whose server sends no message of PostgreSQL, and goes on', async () => {
    // A description of five columns without any.
    const server = await startPosingPostgres(messageOf('T', Buffer.from([0, 5])));
    const otherPool = openPool({ connectionString: server.url, max: 1 }, readingSettings(5_000));
    await expect(otherPool.query('SELECT 1')).rejects.toThrow('Connection terminated');
    await expect(otherPool.query('SELECT 1')).rejects.toThrow('Connection terminated');
    await otherPool.end();
    server.close();
  });
});
