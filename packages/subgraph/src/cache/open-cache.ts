import type { Logger } from '@pessoa/service/logging/logger';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import type { CacheConfig } from './cache-config.ts';
import type { Cache } from './cache.ts';
import { memoryCache } from './memory-cache.ts';
import { redisCache } from './redis-cache.ts';
import { connectRedis } from '@pessoa/service/redis/redis-connection';
import { sealedCache } from './sealed-cache.ts';

/**
 * Opens the configured cache. Entries that leave the process are sealed.
 *
 * @returns undefined without a cache
 * @param secret `CPF_HASH_KEY`
 */
export function openCache(
  config: CacheConfig,
  secret: Uint8Array,
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): Cache | undefined {
  if (config.kind === 'none') return undefined;
  if (config.kind === 'memory') return memoryCache(config);
  const onChange = (err: Error | undefined): void =>
    err ? logger.warn({ err }, 'the cache does not answer: the base does') : logger.info('the cache answers again');
  const observe = { metrics, use: 'cache' } as const;
  const client = connectRedis(config.place, { commandMillis: config.millis, observe, onChange });
  return sealedCache(redisCache(client), secret);
}
