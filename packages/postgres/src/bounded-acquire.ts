import type { Pool, PoolClient } from 'pg';

/** How long opening a connection may take. */
export const OPENING_MILLIS = 3_000;

type Acquired = (error: Error | undefined, client?: PoolClient, release?: (error?: Error | boolean) => void) => void;
type Connect = (callback: Acquired) => void;

/**
 * Makes a reader wait `millis` for a connection and no longer, while the one that is being opened for it goes on being
 * opened, for the next one. pg-pool has one time for both, and ends what it opens when the reader goes: a base that takes
 * longer to open a connection than a reader may wait, because it is far or busy, would never be reached at all.
 *
 * @param pool with `connectionTimeoutMillis` as long as opening may take
 */
export function boundAcquire(pool: Pool, millis: number): void {
  const connect = pool.connect.bind(pool) as Connect;
  const bounded: Connect = (callback) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      callback(new Error('timeout exceeded when trying to connect'));
    }, millis);
    connect((error, client, release) => {
      clearTimeout(timer);
      if (!isLate) callback(error, client, release);
      else if (!error) release?.();
    });
  };
  Object.assign(pool, {
    connect: (callback?: Acquired) =>
      callback
        ? bounded(callback)
        : new Promise<PoolClient>((resolve, reject) => {
            bounded((error, client) => (error ? reject(error) : resolve(client!)));
          }),
  });
}
