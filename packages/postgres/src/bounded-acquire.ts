import type { Pool, PoolClient } from 'pg';

/** Time limit for opening a connection, in milliseconds. */
export const OPENING_MILLIS = 3_000;

type Acquired = (error: Error | undefined, client?: PoolClient, release?: (error?: Error | boolean) => void) => void;
type Connect = (callback: Acquired) => void;

/**
 * Limits how long a reader waits for a connection to `millis`. A connection that is still being opened then stays in the pool, for
 * the next reader. pg-pool has one limit for both and closes the connection when the reader gives up: a distant or busy base, which
 * opens connections more slowly than a reader may wait, would never be reached.
 *
 * @param pool its `connectionTimeoutMillis` is the limit for opening a connection
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
