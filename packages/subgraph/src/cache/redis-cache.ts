import { randomUUID } from 'node:crypto';
import { createBreaker } from '@pessoa/service/resilience/breaker';
import { ReplyError, type Result } from 'ioredis';
import { type CacheKey, generationKeyOf } from './cache-key.ts';
import { type Cache, type CacheEntry, type CacheLookup, GENERATION_MILLIS } from './cache.ts';
import type { RedisClient } from '@pessoa/service/redis/redis-connection';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    setInGeneration(
      generationKey: string,
      key: string,
      generation: string,
      value: Buffer,
      keepMillis: number,
    ): Result<number, Context>;
  }
}

/** SET, unless the person's generation has changed. */
const SET_IN_GENERATION = `
  if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
  return 1`;

/** After a failure the cache is in use again about a second after Redis is back. */
const PROBE_AFTER_MILLIS = 1_000;

class CacheLostError extends Error {}

/**
 * Stores entries in Redis: a single server, a master behind sentinels, or a cluster. Several processes share it. A lookup takes at
 * most the client's `commandMillis`, and no time while the breaker is open.
 */
export function redisCache(client: RedisClient): Cache {
  client.defineCommand('setInGeneration', { numberOfKeys: 2, lua: SET_IN_GENERATION });
  const breaker = createBreaker({
    probeAfterMillis: PROBE_AFTER_MILLIS,
    isFailure: (error) => error instanceof CacheLostError,
    refusal: () => new CacheLostError('the breaker of the cache is open'),
  });
  let refusesWrites = false;

  /** In a cluster one MGET may name keys of one slot only. */
  const groupsOf = (keys: readonly CacheKey[]): (readonly CacheKey[])[] =>
    client.isCluster ? keys.map((key) => [key]) : keys.length > 0 ? [keys] : [];

  async function lookUp(keys: readonly CacheKey[]): Promise<(CacheLookup | undefined)[]> {
    try {
      const replies = await breaker.run(() => orCacheLost(client.mgetBuffer([...keys, ...keys.map(generationKeyOf)])));
      return keys.map((_, index) => ({
        value: replies[index] ?? undefined,
        generation: replies[keys.length + index]?.toString('latin1') ?? '',
      }));
    } catch (error) {
      if (error instanceof CacheLostError) return keys.map(() => undefined);
      throw error;
    }
  }

  async function store({ key, value, generation, keepMillis }: CacheEntry): Promise<void> {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    try {
      await breaker.run(() =>
        client.setInGeneration(generationKeyOf(key), key, generation, bytes, keepMillis).catch((error: unknown) => {
          // The server answers that it is full or READONLY. Its entries can still be read.
          if (error instanceof ReplyError) throw error;
          throw new CacheLostError('the cache did not take an entry', { cause: error });
        }),
      );
      refusesWrites = false;
    } catch (error) {
      refusesWrites ||= !(error instanceof CacheLostError);
    }
  }

  return {
    getMany: async (keys) => (await Promise.all(groupsOf(keys).map(lookUp))).flat(),
    async setMany(entries) {
      await Promise.all(entries.map(store));
    },
    async invalidate(keys) {
      const keysByPerson = Map.groupBy(keys, generationKeyOf);
      // The generation changes first: from then on no load in progress can store its answer.
      await Promise.all([...keysByPerson.keys()].map((key) => client.set(key, randomUUID(), 'PX', GENERATION_MILLIS)));
      const deleted = await Promise.all([...keysByPerson.values()].map((keysOfPerson) => client.del(...keysOfPerson)));
      return deleted.reduce((sum, entries) => sum + entries, 0);
    },
    state: () => (breaker.state() === 'ok' && refusesWrites ? 'degradada' : breaker.state()),
    async close() {
      client.disconnect();
    },
  };
}

async function orCacheLost<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new CacheLostError('the cache did not answer', { cause: error });
  }
}
