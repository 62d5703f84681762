import { ConfigError, readEnvironment } from '@pessoa/service/config/environment';
import { z } from 'zod';
import { cacheConfig, cacheVariables } from '../../src/cache/cache-config.ts';

const read = (env: Record<string, string>) =>
  cacheConfig(readEnvironment('score', { ...cacheVariables, PORT: z.coerce.number() }, { PORT: '1', ...env }), {
    millis: 150,
  });
const NOBODY = { username: undefined, password: undefined };
/** The names of the variables that the thrown error reports. */
function faultsOf(env: Record<string, string>): string[] {
  try {
    read(env);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).not.toMatch(/segredo/);
    return [...(error as Error).message.matchAll(/^ {2}([A-Z_]+): \S/gm)].map(([, name]) => name!);
  }
}

describe('The configuration of a cache', () => {
  it('is memory by default, no cache with CACHE_MEMORY_BYTES=0, and Redis with REDIS_URL', () => {
    expect(read({})).toEqual({ kind: 'memory', maxBytes: 33_554_432 });
    expect(read({ CACHE_MEMORY_BYTES: '0' })).toEqual({ kind: 'none' });
    const url = 'rediss://u:segredo@cache:6380/1';
    expect(read({ REDIS_URL: url })).toEqual({ kind: 'redis', millis: 150, place: { kind: 'single', url, ...NOBODY } });
    expect(read({ REDIS_URL: url, CACHE_MILLIS: '70', REDIS_PASSWORD: 'p' })).toMatchObject({
      millis: 70,
      place: { password: 'p' },
    });
  });

  it('accepts lists of host and port for sentinels and for a cluster', () => {
    expect(
      read({ REDIS_SENTINELS: 's1.banco.invalid:26379, [2001:db8::1]:26380', REDIS_SENTINEL_NAME: 'mestre' }),
    ).toMatchObject({
      place: {
        kind: 'sentinel',
        name: 'mestre',
        sentinels: [
          { host: 's1.banco.invalid', port: 26_379 },
          { host: '2001:db8::1', port: 26_380 },
        ],
      },
    });
    expect(read({ REDIS_CLUSTER: '10.0.0.1:7000,10.0.0.2:7000', REDIS_USERNAME: 'u' })).toMatchObject({
      place: { kind: 'cluster', username: 'u', nodes: [{ host: '10.0.0.1', port: 7_000 }, { host: '10.0.0.2' }] },
    });
  });

  it.each([
    [{ REDIS_URL: 'redis-sentinel://segredo:26379' }, ['REDIS_URL']],
    [{ REDIS_URL: 'http://segredo' }, ['REDIS_URL']],
    [{ REDIS_URL: 'segredo:6379' }, ['REDIS_URL']],
    [{ REDIS_CLUSTER: 'redis://segredo:7000' }, ['REDIS_CLUSTER']],
    [{ REDIS_CLUSTER: 'segredo:7000,' }, ['REDIS_CLUSTER']],
    [{ REDIS_CLUSTER: 'segredo:70000' }, ['REDIS_CLUSTER']],
    [{ REDIS_SENTINELS: 'segredo:1' }, ['REDIS_SENTINEL_NAME']],
    [{ REDIS_SENTINEL_NAME: 'segredo' }, ['REDIS_SENTINEL_NAME']],
    [{ REDIS_URL: 'redis://segredo', REDIS_CLUSTER: 'segredo:7000' }, ['REDIS_CLUSTER']],
    [
      { REDIS_URL: 'redis://segredo', REDIS_SENTINELS: 'segredo:1', REDIS_CLUSTER: 'segredo' },
      ['REDIS_CLUSTER', 'REDIS_SENTINELS', 'REDIS_SENTINEL_NAME'],
    ],
    [
      { PORT: 'x', CACHE_MILLIS: '1001', CACHE_MEMORY_BYTES: '-1', REDIS_SENTINELS: 'segredo:1' },
      ['CACHE_MILLIS', 'CACHE_MEMORY_BYTES', 'PORT', 'REDIS_SENTINEL_NAME'],
    ],
  ])('is refused with the name of each wrong variable once, and without their values: %j', (env, names) => {
    expect(faultsOf(env as Record<string, string>)).toEqual(names);
  });
});
