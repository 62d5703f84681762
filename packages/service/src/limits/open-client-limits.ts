import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { Counter } from 'prom-client';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { addFallbackGauge, connectSharedRedis } from '../redis/shared-redis.ts';
import { clientHasher } from './client-hash.ts';
import { type ClientLimits, clientLimits } from './client-limits.ts';
import type { EnumerationWatch } from './enumeration-watch.ts';
import { fallbackQuotaCounters } from './fallback-quota-counters.ts';
import type { RateLimitConfig } from './limit-config.ts';
import { memoryQuotaCounters } from './memory-quota-counters.ts';
import { openEnumerationWatch } from './open-enumeration-watch.ts';
import type { QuotaCounters } from './quota-counters.ts';
import type { QuotaName } from './quotas.ts';
import { redisQuotaCounters } from './redis-quota-counters.ts';

export interface OpenedClientLimits extends ClientLimits {
  readonly watch: EnumerationWatch;
  close(): Promise<void>;
}

/**
 * Opens the limits of a process: in Redis when one is configured, and in memory without one or while it does not answer.
 *
 * @param options.cpfHashKey `CPF_HASH_KEY`
 */
export function openClientLimits(
  config: RateLimitConfig,
  options: { cpfHashKey: Uint8Array; cpfHash: CpfHash; metrics: Metrics; logger: Logger },
): OpenedClientLimits {
  const { metrics } = options;
  const refusals = new Counter({
    name: 'pessoa_rate_limited_total',
    help: 'Requests refused with RATE_LIMITED, by quota.',
    labelNames: ['quota'] as const,
    registers: [metrics],
  });
  const counters = openCounters(config, options);
  const clientHash = clientHasher(options.cpfHashKey);
  return {
    watch: openEnumerationWatch(config.enumerationCpfs, { ...options, clientHash }),
    ...clientLimits({
      quotas: config.quotas,
      counters,
      clientHash,
      cpfHash: options.cpfHash,
      onRefusal: (quota: QuotaName) => refusals.inc({ quota }),
    }),
    close: () => counters.close(),
  };
}

function openCounters(
  { quotas, redis, redisMillis }: RateLimitConfig,
  { metrics, logger }: { metrics: Metrics; logger: Logger },
): QuotaCounters {
  const own = memoryQuotaCounters(quotas);
  if (!redis) return own;
  const what = 'the counters of the rate limits';
  const client = connectSharedRedis(redis, {
    what,
    commandMillis: redisMillis,
    logger,
    observe: { metrics, use: 'limits' },
  });
  const counters = fallbackQuotaCounters(redisQuotaCounters(client, quotas), own);
  addFallbackGauge(metrics, 'pessoa_rate_limit_counters_shared', 'counts', 'limits', counters);
  return counters;
}
