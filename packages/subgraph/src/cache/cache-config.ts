import { wholeNumber } from '@pessoa/service/config/whole-number';
import { redisPlace, redisVariables } from '@pessoa/service/redis/redis-config';
import type { RedisPlace } from '@pessoa/service/redis/redis-connection';
import type { z } from 'zod';

/** Variables of a service with a cache. Each service has its own default for `CACHE_MILLIS`. */
export const cacheVariables = {
  ...redisVariables,
  /** Time limit of a lookup in Redis, in milliseconds. */
  CACHE_MILLIS: wholeNumber(1, 1_000, 'a whole number of ms').optional(),
  /** Size of the cache in the process's memory; 0 is no cache. */
  CACHE_MEMORY_BYTES: wholeNumber(0, 2 ** 32, 'a whole number of bytes').default(32 * 1024 * 1024), // prettier-ignore
};

export type CacheConfig =
  | { readonly kind: 'redis'; readonly place: RedisPlace; readonly millis: number }
  | { readonly kind: 'memory'; readonly maxBytes: number }
  | { readonly kind: 'none' };

type CacheValues = z.infer<z.ZodObject<typeof cacheVariables>>;

/** @param defaults.millis the service's default for `CACHE_MILLIS` */
export function cacheConfig(values: CacheValues, defaults: { millis: number }): CacheConfig {
  const place = redisPlace(values);
  if (place) return { kind: 'redis', place, millis: values.CACHE_MILLIS ?? defaults.millis };
  const maxBytes = values.CACHE_MEMORY_BYTES;
  return maxBytes > 0 ? { kind: 'memory', maxBytes } : { kind: 'none' };
}
