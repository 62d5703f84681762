import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** The most time that a statement of a migration waits for a lock: those who come after it wait behind it. */
export const LOCK_MILLIS = 3_000;
/** Between two tries those who waited have their turn. */
const PAUSE_MILLIS = 1_000;
/** A statement that gets no lock for so long fails. */
const PATIENCE_MILLIS = 600_000;

const LOCK_NOT_AVAILABLE = '55P03';

/** Such a statement makes nobody wait, and a try that is given up leaves an index that is no good. */
const isConcurrent = (text: string): boolean => /\bINDEX CONCURRENTLY\b/.test(text);

type Query = (...args: unknown[]) => Promise<pg.QueryResult>;

/**
 * Statements that wait for a lock for three seconds at most, and then try again, for ten minutes. A statement that waits behind a long
 * query would make everybody who comes after it wait as long. A statement commits alone, so it can be tried again alone.
 *
 * @param pool whose connections have `LOCK_MILLIS` as their `lock_timeout`
 * @param query of that pool
 */
export function patientStatements(pool: pg.Pool, query: Query): Query {
  return async (...args) => {
    const [text] = args;
    if (typeof text === 'string' && isConcurrent(text)) return withoutLimit(pool, text);
    const until = performance.now() + PATIENCE_MILLIS;
    for (;;) {
      try {
        return await query(...args);
      } catch (error) {
        if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE || performance.now() > until) throw error;
        await sleep(PAUSE_MILLIS);
      }
    }
  };
}

async function withoutLimit(pool: pg.Pool, text: string): Promise<pg.QueryResult> {
  const client = await pool.connect();
  try {
    await client.query("SET lock_timeout = '0'");
    return await client.query(text);
  } finally {
    client.release(true);
  }
}
