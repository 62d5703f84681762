import { z } from 'zod';
import type { SettingFault } from '../config/environment.ts';
import type { HostPort, RedisPlace } from './redis-connection.ts';

const HOST_PORT = /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$/;

/** `host:port` entries, separated by commas. */
const hostPorts = z
  .string()
  .refine((text) => text.split(',').every((entry) => readHostPort(entry) !== undefined), 'is not a list of host:port')
  .transform((text) => text.split(',').map((entry) => readHostPort(entry) as HostPort))
  .optional();

function readHostPort(text: string): HostPort | undefined {
  const [, host = '', digits = ''] = HOST_PORT.exec(text.trim()) ?? [];
  const port = Number(digits);
  if (host === '' || port < 1 || port > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port };
}

/** The Redis: at most one of `REDIS_URL`, `REDIS_SENTINELS` and `REDIS_CLUSTER`. */
export const redisVariables = {
  /** rediss:// is TLS. */
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'is not a redis:// or rediss:// URL' }).optional(),
  REDIS_SENTINELS: hostPorts,
  /** Name of the master at the sentinels. */
  REDIS_SENTINEL_NAME: z.string().optional(),
  REDIS_CLUSTER: hostPorts,
  REDIS_USERNAME: z.string().optional(),
  REDIS_PASSWORD: z.string().optional(),
};

type RedisValues = z.infer<z.ZodObject<typeof redisVariables>>;

type Variables = Readonly<Record<string, string | undefined>>;

const PLACES = ['REDIS_URL', 'REDIS_SENTINELS', 'REDIS_CLUSTER'];

export const isRedisSet = (variables: Variables): boolean => PLACES.some((name) => variables[name] !== undefined);

/** Faults of the combination of variables. */
export function redisFaults(variables: Variables): SettingFault[] {
  const [first, ...otherSettings] = PLACES.filter((name) => variables[name] !== undefined);
  const isSentinel = variables['REDIS_SENTINELS'] !== undefined;
  return [
    ...otherSettings.map((name) => ({ name, message: `is set beside ${first}: choose one of them` })),
    ...(isSentinel && variables['REDIS_SENTINEL_NAME'] === undefined
      ? [{ name: 'REDIS_SENTINEL_NAME', message: 'is required with REDIS_SENTINELS' }]
      : []),
    ...(!isSentinel && variables['REDIS_SENTINEL_NAME'] !== undefined
      ? [{ name: 'REDIS_SENTINEL_NAME', message: 'is useless without REDIS_SENTINELS' }]
      : []),
  ];
}

/** @returns undefined without a Redis */
export function redisPlace(values: RedisValues): RedisPlace | undefined {
  const credentials = { username: values.REDIS_USERNAME, password: values.REDIS_PASSWORD };
  const { REDIS_URL: url, REDIS_SENTINELS: sentinels, REDIS_SENTINEL_NAME: name, REDIS_CLUSTER: nodes } = values;
  if (url) return { kind: 'single', url, ...credentials };
  if (sentinels && name !== undefined) return { kind: 'sentinel', sentinels, name, ...credentials };
  return nodes && { kind: 'cluster', nodes, ...credentials };
}
