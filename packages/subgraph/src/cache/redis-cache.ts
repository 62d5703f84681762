import { randomUUID } from 'node:crypto';
import { createBreaker } from '@pessoa/service/resilience/breaker';
import { ReplyError, type Result } from 'ioredis';
import { type CacheKey, generationKeyOf } from './cache-key.ts';
import { type Cache, type CacheEntry, type CacheLookup, GENERATION_MILLIS } from './cache.ts';
import type { RedisClient } from './redis-connection.ts';

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

/** SET, unless the person was invalidated since the load began. */
const SET_IN_GENERATION = `
  if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
  return 1`;

/** A cache that was lost is in use again about a second after it is back. */
const PROBE_AFTER_MILLIS = 1_000;

class CacheLostError extends Error {}

/**
 * Kept in a Redis, single, behind sentinels or a cluster; several processes share it. The client's `commandMillis` bounds a
 * lookup; while the breaker is open it takes no time at all.
 */
export function redisCache(client: RedisClient): Cache {
  client.defineCommand('setInGeneration', { numberOfKeys: 2, lua: SET_IN_GENERATION });
  const breaker = createBreaker({
    probeAfterMillis: PROBE_AFTER_MILLIS,
    isFailure: (error) => error instanceof CacheLostError,
    refusal: () => new CacheLostError('the cache is not asked for now'),
  });
  let refusesWrites = false;

  /** In a cluster one MGET is about one slot. */
  const groupsOf = (keys: readonly CacheKey[]): (readonly CacheKey[])[] =>
    client.isCluster ? keys.map((key) => [key]) : keys.length > 0 ? [keys] : [];

  async function lookUp(keys: readonly CacheKey[]): Promise<(CacheLookup | undefined)[]> {
    try {
      const found = await breaker.run(() => counted(client.mgetBuffer([...keys, ...keys.map(generationKeyOf)])));
      return keys.map((_, index) => ({
        value: found[index] ?? undefined,
        generation: found[keys.length + index]?.toString('latin1') ?? '',
      }));
    } catch (error) {
      if (error instanceof CacheLostError) return keys.map(() => undefined);
      throw error;
    }
  }

  async function keep({ key, value, generation, keepMillis }: CacheEntry): Promise<void> {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    try {
      await breaker.run(() =>
        client.setInGeneration(generationKeyOf(key), key, generation, bytes, keepMillis).catch((error: unknown) => {
          // The server answers: it is full or READONLY, and what it has can still be read.
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
      await Promise.all(entries.map(keep));
    },
    async invalidate(keys) {
      const people = Map.groupBy(keys, generationKeyOf);
      // First the generation: from then on no load under way leaves anything behind.
      await Promise.all([...people.keys()].map((key) => client.set(key, randomUUID(), 'PX', GENERATION_MILLIS)));
      const deleted = await Promise.all([...people.values()].map((ofPerson) => client.del(...ofPerson)));
      return deleted.reduce((sum, entries) => sum + entries, 0);
    },
    state: () => (breaker.state() === 'ok' && refusesWrites ? 'degradada' : breaker.state()),
    async close() {
      client.disconnect();
    },
  };
}

async function counted<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new CacheLostError('the cache did not answer', { cause: error });
  }
}
