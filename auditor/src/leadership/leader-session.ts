import { openPool, writingSettings } from '@pessoa/postgres/connection-pool';
import { isThroughPooler, poolerFault } from '@pessoa/postgres/pooler';
import type { PoolClient } from 'pg';

/**
 * A leader whose process hangs or is paused says nothing, and PostgreSQL ends its session after this time: the lock is free for
 * another. What the paused leader had begun is rolled back.
 */
const SILENCE_MILLIS = 2_000;
/** The most time that a statement may take, on the server and on the way. */
const STATEMENT_MILLIS = 30_000;

const LOCK = 'SELECT pg_try_advisory_lock(hashtextextended(\'pessoa auditor\', 0)) AS "isLeader"';

/** One session at the audit database. It may hold the lock of the one leader, which ends with the session. */
export interface LeaderSession {
  readonly db: PoolClient;
  /** @returns whether this session has the lock, now or since before */
  lead(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens a session. Its lock and its work are one connection: what is written is written by the holder of the lock.
 *
 * @param url of the role of the auditor, without a pooler: a pooler would share the session with others
 * @throws Error when the database does not answer, or a pooler does
 */
export async function openLeaderSession(url: string): Promise<LeaderSession> {
  const pool = openPool(
    { connectionString: url, max: 1, connectionTimeoutMillis: 3_000, query_timeout: STATEMENT_MILLIS, keepAlive: true },
    {
      ...writingSettings(STATEMENT_MILLIS),
      plan_cache_mode: 'force_generic_plan', // of statements that have a name; months that a record is not in are left out at run time
      idle_session_timeout: String(SILENCE_MILLIS),
      idle_in_transaction_session_timeout: String(SILENCE_MILLIS),
    },
  );
  let isLeader = false;
  try {
    const db = await pool.connect();
    if (await isThroughPooler(db)) {
      db.release(true);
      throw new Error(poolerFault('AUDIT_AUDITOR_URL'));
    }
    return {
      db,
      async lead() {
        if (!isLeader) isLeader = (await db.query<{ isLeader: boolean }>(LOCK)).rows[0]!.isLeader;
        return isLeader;
      },
      async close() {
        db.release(true);
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}
