import type { Pool } from 'pg';

/** The right to build, which is lost with the connection that holds it. */
export interface BuildLock {
  /** Aborted as soon as it is known to be lost. */
  readonly lost: AbortSignal;
  /** Asks Base C. @throws Error when it is lost */
  assertHeld(): Promise<void>;
}

/**
 * Runs `work` while no other process builds an index of this name from the same Base C. The lock is Base C's, held by a
 * connection and gone with it, so a process that was killed leaves none behind.
 *
 * @throws AlreadyBuilding when another one is building
 */
export async function whileBuildingAlone<T>(
  baseC: Pool,
  alias: string,
  work: (lock: BuildLock) => Promise<T>,
): Promise<T> {
  const client = await baseC.connect();
  const losing = new AbortController();
  client.on('error', (error) => losing.abort(error)); // of a connection in use the pool hears nothing
  try {
    const { rows } = await client.query<{ ours: boolean }>(
      "SELECT pg_try_advisory_lock(hashtextextended('pessoa index ' || $1, 0)) AS ours",
      [alias],
    );
    if (!rows[0]!.ours) throw new AlreadyBuilding(`an index for ${alias} is being built by another process`);
    return await work({
      lost: losing.signal,
      async assertHeld() {
        losing.signal.throwIfAborted();
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
