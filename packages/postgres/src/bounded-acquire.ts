import type { Pool, PoolClient } from 'pg';
import { openPool, type SessionSettings } from './connection-pool.ts';

/** Time limit for opening a connection, in milliseconds. A user of the pool may wait for less. */
const OPENING_MILLIS = 3_000;

export interface BoundedPoolOptions {
  readonly url: string;
  /** The most connections that are open at once. Opened ones stay open when they are idle. */
  readonly connections: number;
  /** The most time that a query waits for a connection. */
  readonly acquireMillis: number;
  /** The most time that a query waits for its answer. The server's own statement_timeout does not help when the server hangs. */
  readonly statementMillis: number;
}

/** Opens a pool whose users wait for a limited time, for a connection and for an answer. */
export function openBoundedPool(
  { url, connections, acquireMillis, statementMillis }: BoundedPoolOptions,
  settings: SessionSettings,
): Pool {
  const pool = openPool(
    {
      connectionString: url,
      max: connections,
      min: connections,
      connectionTimeoutMillis: Math.max(acquireMillis, OPENING_MILLIS),
      query_timeout: statementMillis,
      keepAlive: true,
    },
    settings,
  );
  boundAcquire(pool, acquireMillis);
  return pool;
}

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
