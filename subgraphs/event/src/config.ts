import type { BaseBudget } from '@pessoa/platform/base/base';
import { type CacheConfig, cacheConfig, cacheVariables, redisFaults } from '@pessoa/platform/cache/cache-config';
import {
  commonConfig,
  type CommonConfig,
  commonVariables,
  millis,
  port,
  postgresUrl,
  readEnvironment,
} from '@pessoa/platform/config/environment';
import { z } from 'zod';

/** Every variable this process reads. */
export const variables = {
  ...commonVariables,
  EVENT_PORT: port(4003),
  /** Base C, reader role. */
  BASE_C_URL: postgresUrl,
  BASE_C_ACQUIRE_MILLIS: millis(100),
  BASE_C_STATEMENT_MILLIS: millis(350),
  BASE_C_CONNECTIONS: z.coerce.number().int().min(1).max(100).default(10),
  /** PostgreSQL role that may select from the audit: our own reads are among a person's `consultas`. */
  AUDIT_READER_URL: postgresUrl,
  AUDIT_READER_TIMEOUT_MILLIS: millis(200),
  ...cacheVariables,
  /** How long a last card purchase, or that there is none, is as good as the base's. */
  CACHE_TTL_SECONDS: z.coerce.number('is not a number of seconds').int().min(30).max(60).optional(),
};

/** What a lookup in Redis may take; with the base's budget it stays below what the router gives a call. */
const CACHE_MILLIS = 50;
const CACHE_TTL_SECONDS = 45;

export interface EventConfig extends CommonConfig {
  readonly port: number;
  readonly base: { readonly url: string; readonly budget: BaseBudget; readonly connections: number };
  readonly auditReader: { readonly url: string; readonly timeoutMillis: number };
  readonly cache: CacheConfig;
  readonly ttlMillis: number;
}

/** @throws ConfigError naming every variable that is missing or wrong */
export function readConfig(env: NodeJS.ProcessEnv): EventConfig {
  const values = readEnvironment('event', variables, env, redisFaults);
  return {
    ...commonConfig(values),
    port: values.EVENT_PORT,
    base: {
      url: values.BASE_C_URL,
      budget: { acquireMillis: values.BASE_C_ACQUIRE_MILLIS, statementMillis: values.BASE_C_STATEMENT_MILLIS },
      connections: values.BASE_C_CONNECTIONS,
    },
    auditReader: { url: values.AUDIT_READER_URL, timeoutMillis: values.AUDIT_READER_TIMEOUT_MILLIS },
    cache: cacheConfig(values, { millis: CACHE_MILLIS }),
    ttlMillis: 1_000 * (values.CACHE_TTL_SECONDS ?? CACHE_TTL_SECONDS),
  };
}
