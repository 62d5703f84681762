import type { Result } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { RedisClient } from '../redis/redis-connection.ts';
import { consumeRequest } from './consume-request.ts';
import type { QuotaCounters } from './quota-counters.ts';
import { type Quotas, WINDOW_SECONDS } from './quotas.ts';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    countOperation(
      peopleKey: string,
      costKey: string,
      peopleMax: number,
      costMax: number,
      windowMillis: number,
      cost: number,
      ...people: string[]
    ): Result<[refused: number, people: number, peopleReset: number, cost: number, costReset: number], Context>;
  }
}

/**
 * People are a set and cost is a number. The script adds all or nothing, so concurrent operations of any process cannot pass
 * a quota together.
 */
const COUNT_OPERATION = `
  local cost = tonumber(ARGV[4])
  local unseen = {}
  if #ARGV > 4 then
    local people = {unpack(ARGV, 5)}
    for at, seen in ipairs(redis.call('SMISMEMBER', KEYS[1], unpack(people))) do
      if seen == 0 then unseen[#unseen + 1] = people[at] end
    end
  end
  local asked = redis.call('SCARD', KEYS[1])
  local spent = tonumber(redis.call('GET', KEYS[2]) or '0')
  local refused = 0
  if #unseen > 0 and asked + #unseen > tonumber(ARGV[1]) then refused = 1
  elseif cost > 0 and spent + cost > tonumber(ARGV[2]) then refused = 2
  else
    if #unseen > 0 then
      redis.call('SADD', KEYS[1], unpack(unseen))
      if asked == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
      asked = asked + #unseen
    end
    if cost > 0 then
      redis.call('INCRBY', KEYS[2], cost)
      if spent == 0 then redis.call('PEXPIRE', KEYS[2], ARGV[3]) end
      spent = spent + cost
    end
  end
  return {refused, asked, redis.call('PTTL', KEYS[1]), spent, redis.call('PTTL', KEYS[2])}`;

const WINDOW_MILLIS = WINDOW_SECONDS * 1_000;

/** No quota, as a number that the script can compare. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

const refusals = [undefined, 'people', 'cost'] as const;

/**
 * Counts in Redis, for all processes together. Every method rejects when the server does not answer within the client's
 * `commandMillis`. The braces of a key are a hash tag: a cluster puts all keys of a client into one slot.
 */
export function redisQuotaCounters(client: RedisClient, quotas: Quotas): QuotaCounters {
  client.defineCommand('countOperation', { numberOfKeys: 2, lua: COUNT_OPERATION });
  const { requests, people: peopleMax = UNLIMITED, cost: costMax = UNLIMITED } = quotas;
  const limiter =
    requests === undefined
      ? undefined
      : new RateLimiterRedis({
          storeClient: client,
          keyPrefix: 'limit:requests',
          points: requests,
          duration: WINDOW_SECONDS,
          // A client over its quota is refused from memory until the window ends, without a call of Redis.
          inMemoryBlockOnConsumed: requests + 1,
        });
  return {
    countRequest: (hash) => consumeRequest(limiter, hash),
    async countOperation(hash, { cost, people }) {
      const [refused, asked, askedReset, spent, spentReset] = await client.countOperation(
        `limit:people:{${hash}}`,
        `limit:cost:{${hash}}`,
        peopleMax,
        costMax,
        WINDOW_MILLIS,
        cost,
        ...people,
      );
      return {
        refusedBy: refusals[refused],
        // A key that is not there has a reset of -2.
        people: { used: asked, resetMillis: Math.max(0, askedReset) },
        cost: { used: spent, resetMillis: Math.max(0, spentReset) },
      };
    },
    close: async () => client.disconnect(),
  };
}
