import type { Pool } from 'pg';

export interface KeptConnections {
  /** Opens those that are missing. Never rejects: what cannot be opened now is tried again every second. */
  open(): Promise<void>;
}

const AGAIN_MILLIS = 1_000;

/**
 * Keeps all connections of a pool open, from `open` on and again after they were lost. pg-pool opens one when a reader
 * wants it, and binds the reader to it: where opening takes longer than the reader may wait, because the server is busy or
 * has just come back, a burst of readers is lost while open connections lie idle. Bursts come when a cache or an index is
 * lost: then a base answers everybody from one moment to the next.
 *
 * @param pool with `min` as high as `max`
 */
export function keepConnections(pool: Pool): KeptConnections {
  const { max } = pool.options;
  let opening: Promise<void> | undefined;
  let again: NodeJS.Timeout | undefined;

  async function openMissing(): Promise<void> {
    for (let count = pool.totalCount; count < max && !pool.ending; count = pool.totalCount) {
      // Side by side each takes a connection of its own, and the one too many opens one. More at a time delay one another.
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
    if (again || pool.ending) return;
    again = setTimeout(() => {
      again = undefined;
      void open();
    }, AGAIN_MILLIS).unref();
  }

  pool.on('remove', openSoon);
  return { open };
}
