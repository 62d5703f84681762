import type { Metrics } from '@pessoa/service/metrics/metrics';
import { Counter, Gauge } from 'prom-client';
import type { Cache } from './cache.ts';

/**
 * What became of one lookup: `hit` and `stale` were answered from the cache; `miss` from the base, the cache having nothing
 * or something too old; `invalid` from the base, what was kept being forged, moved, unreadable or somebody else's; `error` from the base,
 * the cache not answering.
 */
export type LookupResult = 'hit' | 'stale' | 'miss' | 'invalid' | 'error';

export interface CacheMetrics {
  count(result: LookupResult): void;
}

export function cacheMetrics(metrics: Metrics, cache: Cache, base: string): CacheMetrics {
  const requests = new Counter({
    name: 'pessoa_cache_requests_total',
    help: 'Lookups of one key, by what became of them.',
    labelNames: ['base', 'result'] as const,
    registers: [metrics],
  });
  new Gauge({
    name: 'pessoa_cache_available',
    help: '1 while the cache is asked, 0 while its breaker keeps it from being asked.',
    labelNames: ['base'] as const,
    registers: [metrics],
    collect() {
      this.set({ base }, cache.state() === 'fora' ? 0 : 1);
    },
  });
  return { count: (result) => requests.inc({ base, result }) };
}
