import type { Pool } from 'pg';

/** The lock of the process that builds. It is lost when its connection to Base C ends. */
export interface BuildLock {
  /** Aborted when the connection ends. */
  readonly lossSignal: AbortSignal;
  /** Asks Base C for the lock. @throws Error when the lock is lost */
  assertHeld(): Promise<void>;
}

/**
 * Runs `work` while no other process builds an index for this alias from the same Base C. An advisory lock of Base C ensures
 * that. PostgreSQL releases it when the process ends, however it ends.
 *
 * @throws AlreadyBuilding when another process holds the lock
 */
export async function whileBuildingAlone<T>(
  baseC: Pool,
  alias: string,
  work: (lock: BuildLock) => Promise<T>,
): Promise<T> {
  const client = await baseC.connect();
  const loss = new AbortController();
  client.on('error', (error) => loss.abort(error));
  try {
    const { rows } = await client.query<{ isAcquired: boolean }>(
      `SELECT pg_try_advisory_lock(hashtextextended('pessoa index ' || $1, 0)) AS "isAcquired"`,
      [alias],
    );
    if (!rows[0]!.isAcquired) throw new AlreadyBuilding(`an index for ${alias} is being built by another process`);
    return await work({
      lossSignal: loss.signal,
      async assertHeld() {
        loss.signal.throwIfAborted();
        const { rowCount } = await client.query(HELD);
        if (rowCount === 0) throw new Error(`the lock for building an index for ${alias} is lost`);
      },
    });
  } finally {
    client.release(true); // ends the connection, and with it the lock
  }
}

const HELD = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted";

export class AlreadyBuilding extends Error {}
