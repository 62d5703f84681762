import type { Logger } from '@pessoa/service/logging/logger';
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
export function openCache(config: CacheConfig, logger: Logger, secret: Uint8Array): Cache | undefined {
  if (config.kind === 'none') return undefined;
  if (config.kind === 'memory') return memoryCache(config);
  const onChange = (err: Error | undefined): void =>
    err ? logger.warn({ err }, 'the cache does not answer: the base does') : logger.info('the cache answers again');
  return sealedCache(redisCache(connectRedis(config.place, { commandMillis: config.millis, onChange })), secret);
}
