import type { Fault } from '@pessoa/service/config/environment';
import { wholeNumber } from '@pessoa/service/config/whole-number';
import { z } from 'zod';
import type { HostPort, RedisPlace } from './redis-connection.ts';

const HOST_PORT = /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$/;

/** `host:port`, comma separated. */
const hostPorts = z
  .string()
  .refine((text) => text.split(',').every((one) => readHostPort(one) !== undefined), 'is not a list of host:port')
  .transform((text) => text.split(',').map((one) => readHostPort(one) as HostPort))
  .optional();

function readHostPort(text: string): HostPort | undefined {
  const [, host = '', digits = ''] = HOST_PORT.exec(text.trim()) ?? [];
  const port = Number(digits);
  if (host === '' || port < 1 || port > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port };
}

/** Which Redis: none of them, or one of `REDIS_URL`, `REDIS_SENTINELS` and `REDIS_CLUSTER`. */
export const redisVariables = {
  /** rediss:// is TLS. */
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'is not a redis:// or rediss:// URL' }).optional(),
  REDIS_SENTINELS: hostPorts,
  /** Of the master, as the sentinels know it. */
  REDIS_SENTINEL_NAME: z.string().optional(),
  REDIS_CLUSTER: hostPorts,
  REDIS_USERNAME: z.string().optional(),
  REDIS_PASSWORD: z.string().optional(),
};

type RedisValues = z.infer<z.ZodObject<typeof redisVariables>>;

/** What is wrong with the variables taken together. */
export function redisFaults(set: Readonly<Record<string, string | undefined>>): Fault[] {
  const [first, ...others] = ['REDIS_URL', 'REDIS_SENTINELS', 'REDIS_CLUSTER'].filter(
    (name) => set[name] !== undefined,
  );
  const isSentinel = set['REDIS_SENTINELS'] !== undefined;
  return [
    ...others.map((name) => ({ name, message: `is set beside ${first}: choose one of them` })),
    ...(isSentinel && set['REDIS_SENTINEL_NAME'] === undefined
      ? [{ name: 'REDIS_SENTINEL_NAME', message: 'is required with REDIS_SENTINELS' }]
      : []),
    ...(!isSentinel && set['REDIS_SENTINEL_NAME'] !== undefined
      ? [{ name: 'REDIS_SENTINEL_NAME', message: 'is of no use without REDIS_SENTINELS' }]
      : []),
  ];
}

/** @returns undefined when no Redis is named */
export function redisPlace(values: RedisValues): RedisPlace | undefined {
  const credentials = { username: values.REDIS_USERNAME, password: values.REDIS_PASSWORD };
  const { REDIS_URL: url, REDIS_SENTINELS: sentinels, REDIS_SENTINEL_NAME: name, REDIS_CLUSTER: nodes } = values;
  if (url) return { kind: 'single', url, ...credentials };
  if (sentinels && name !== undefined) return { kind: 'sentinel', sentinels, name, ...credentials };
  return nodes && { kind: 'cluster', nodes, ...credentials };
}

/** The variables of a service with a cache; times without a default here have one in each service. */
export const cacheVariables = {
  ...redisVariables,
  /** For a lookup in Redis. */
  CACHE_MILLIS: wholeNumber(1, 1_000, 'a whole number of ms').optional(),
  /** Of a cache in the process's memory; 0 is no cache. */
  CACHE_MEMORY_BYTES: wholeNumber(0, 2 ** 32, 'a whole number of bytes').default(32 * 1024 * 1024), // prettier-ignore
};

export type CacheConfig =
  | { readonly kind: 'redis'; readonly place: RedisPlace; readonly millis: number }
  | { readonly kind: 'memory'; readonly maxBytes: number }
  | { readonly kind: 'none' };

type CacheValues = z.infer<z.ZodObject<typeof cacheVariables>>;

/** @param millis the service's own default of `CACHE_MILLIS` */
export function cacheConfig(values: CacheValues, standard: { millis: number }): CacheConfig {
  const place = redisPlace(values);
  if (place) return { kind: 'redis', place, millis: values.CACHE_MILLIS ?? standard.millis };
  const maxBytes = values.CACHE_MEMORY_BYTES;
  return maxBytes > 0 ? { kind: 'memory', maxBytes } : { kind: 'none' };
}
