import { wholeNumber } from '../config/whole-number.ts';
import type { z } from 'zod';
import { redisPlace, redisVariables } from '../redis/redis-config.ts';
import type { RedisPlace } from '../redis/redis-connection.ts';
import type { Quotas } from './quotas.ts';

const quota = (defaultQuota: number) => wholeNumber(0, 1_000_000_000, 'a whole number').default(defaultQuota);

/** The limits of each client, and the Redis that counts for all processes. 0 is no limit. */
export const limitVariables = {
  ...redisVariables,
  /** Requests of a client in a minute. */
  RATE_LIMIT_REQUESTS: quota(600),
  /** Different CPFs that a client asks for in a minute. */
  RATE_LIMIT_PEOPLE: quota(3_000),
  /** Points that the operations of a client cost in a minute. 600 times the main query costs 312,000. */
  RATE_LIMIT_COST: quota(360_000),
  /** Time limit of a count in Redis. After it the process counts in its own memory. */
  RATE_LIMIT_MILLIS: wholeNumber(1, 1_000, 'a whole number of ms').default(50),
  /**
   * CPFs of a client in a minute, either unknown, or consecutive, or requests with an invalid one, from which on a warning says
   * that the client may be trying out CPFs.
   */
  ENUMERATION_CPFS: quota(100),
};

export interface RateLimitConfig {
  readonly quotas: Quotas;
  /** Undefined: each process counts in its own memory. */
  readonly redis: RedisPlace | undefined;
  readonly redisMillis: number;
  /** Undefined: nobody watches. */
  readonly enumerationCpfs: number | undefined;
}

const orUnlimited = (value: number): number | undefined => (value === 0 ? undefined : value);

export const rateLimitConfig = (values: z.infer<z.ZodObject<typeof limitVariables>>): RateLimitConfig => ({
  quotas: {
    requests: orUnlimited(values.RATE_LIMIT_REQUESTS),
    people: orUnlimited(values.RATE_LIMIT_PEOPLE),
    cost: orUnlimited(values.RATE_LIMIT_COST),
  },
  redis: redisPlace(values),
  redisMillis: values.RATE_LIMIT_MILLIS,
  enumerationCpfs: orUnlimited(values.ENUMERATION_CPFS),
});
