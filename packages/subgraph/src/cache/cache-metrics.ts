import { showBreaker } from '@pessoa/service/metrics/breaker-metrics';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import { Counter, Gauge } from 'prom-client';
import type { Cache } from './cache.ts';

/**
 * Result of a lookup. The cache answers a `hit` and a `stale`; the base answers the others:
 *
 * - `hit`: the entry is fresh.
 * - `stale`: the base does not answer, and the entry stands in for it.
 * - `miss`: the cache has no entry, or one that is too old.
 * - `invalid`: the entry is forged, unreadable or of another key, person or time.
 * - `error`: the cache does not answer.
 */
export type LookupResult = 'hit' | 'stale' | 'miss' | 'invalid' | 'error';

export interface CacheMetrics {
  count(result: LookupResult): void;
}

export function cacheMetrics(metrics: Metrics, cache: Cache, base: string): CacheMetrics {
  const requests = new Counter({
    name: 'pessoa_cache_requests_total',
    help: 'Lookups of one key, by result.',
    labelNames: ['base', 'result'] as const,
    registers: [metrics],
  });
  new Gauge({
    name: 'pessoa_cache_available',
    help: '1 while the cache is in use, 0 while its breaker is open.',
    labelNames: ['base'] as const,
    registers: [metrics],
    collect() {
      this.set({ base }, cache.state() === 'fora' ? 0 : 1);
    },
  });
  const { size } = cache;
  if (!size) showBreaker(metrics, 'redis-cache', cache);
  if (size) {
    const show = (name: string, help: string, read: () => number): void => {
      new Gauge({
        name,
        help,
        labelNames: ['base'] as const,
        registers: [metrics],
        collect() {
          this.set({ base }, read());
        },
      });
    };
    show('pessoa_cache_entries', 'Entries of a cache in memory.', () => size().entries);
    show('pessoa_cache_bytes', 'Bytes of a cache in memory, up to CACHE_MEMORY_BYTES.', () => size().bytes);
  }
  return { count: (result) => requests.inc({ base, result }) };
}
