import type { Pool } from 'pg';

export interface KeptConnections {
  /** Opens the missing connections. Never rejects: failed attempts are repeated every second. */
  open(): Promise<void>;
}

const AGAIN_MILLIS = 1_000;

/**
 * Opens all connections of a pool when `open` is called, and opens lost ones again. pg-pool alone opens a connection when a reader
 * needs it, and that reader waits for it. If the server is busy or has just restarted, opening takes longer than readers may wait:
 * a burst of readers fails although other connections are idle. Bursts follow the loss of a cache or an index, when the base
 * suddenly answers everybody.
 *
 * @param pool its `min` equals its `max`
 */
export function keepConnections(pool: Pool): KeptConnections {
  const { max } = pool.options;
  let opening: Promise<void> | undefined;
  let retryTimer: NodeJS.Timeout | undefined;

  async function openMissing(): Promise<void> {
    for (let count = pool.totalCount; count < max && !pool.ending; count = pool.totalCount) {
      // Concurrent queries use one connection each, so one query more than connections opens one. Opening more at a time is slower.
      await Promise.allSettled(Array.from({ length: count + 1 }, () => pool.query('SELECT 1')));
      if (pool.totalCount <= count) return openSoon();
    }
  }

  function open(): Promise<void> {
    opening ??= openMissing().finally(() => {
      opening = undefined;
    });
    return opening;
  }

  function openSoon(): void {
    if (retryTimer || pool.ending) return;
    retryTimer = setTimeout(() => {
      retryTimer = undefined;
      void open();
    }, AGAIN_MILLIS).unref();
  }

  pool.on('remove', openSoon);
  return { open };
}
