import {
  commonConfig,
  type CommonConfig,
  commonVariables,
  metricsAddress,
  metricsPort,
  millis,
  port,
  postgresUrl,
  readEnvironment,
} from '@pessoa/service/config/environment';
import { wholeNumber } from '@pessoa/service/config/whole-number';
import type { MetricsAddress } from '@pessoa/service/metrics/metrics';
import type { BaseBudget } from '@pessoa/subgraph/base/base';
import { type CacheConfig, cacheConfig, cacheVariables } from '@pessoa/subgraph/cache/cache-config';
import { lagMaxSeconds, replicaConfig } from '@pessoa/subgraph/replica/replica-config';
import type { ReplicaConfig } from '@pessoa/subgraph/replica/replica-monitor';
import { z } from 'zod';
import type { Versao } from './modelo/modelo.ts';
import { versoes } from './modelo/modelos.ts';

const version = z.enum(versoes, `is none of ${versoes.join(', ')}`);

/** Every environment variable that this process reads. */
export const variables = {
  ...commonVariables,
  SCORE_PORT: port(4002),
  SCORE_METRICS_PORT: metricsPort,
  /** The version of the score model that answers. */
  SCORE_MODEL: version.default('pessoa-2026.1'),
  /** A version that runs beside it: metrics count how the two differ, and nobody gets its scores. */
  SCORE_SHADOW_MODEL: version.optional(),
  /** Base B, reader role. */
  BASE_B_URL: postgresUrl,
  BASE_B_ACQUIRE_MILLIS: millis(100),
  BASE_B_STATEMENT_MILLIS: millis(500),
  BASE_B_CONNECTIONS: wholeNumber(1, 100).default(10),
  /** A replica of Base B, reader role. Score reads it while it is current. */
  BASE_B_REPLICA_URL: postgresUrl.optional(),
  BASE_B_REPLICA_LAG_MAX_SECONDS: lagMaxSeconds('baseB'),
  ...cacheVariables,
  /** How long a cached profile counts as current. */
  CACHE_TTL_SECONDS: wholeNumber(1, 86_400, 'a whole number of seconds').optional(),
  /** How old a profile may be that is shown while Base B does not answer. 0 shows no expired profile. */
  CACHE_STALE_SECONDS: wholeNumber(0, 86_400, 'a whole number of seconds').default(86_400),
};

/** Time for a lookup in Redis. With the base's budget it stays below the time that the router gives a call. */
const CACHE_MILLIS = 150;
const CACHE_TTL_SECONDS = 3_600;

export interface ScoreConfig extends CommonConfig {
  readonly port: number;
  readonly metricsAddress: MetricsAddress | undefined;
  readonly model: Versao;
  readonly shadowModel: Versao | undefined;
  readonly base: {
    readonly url: string;
    readonly budget: BaseBudget;
    readonly connections: number;
    readonly replica: ReplicaConfig | undefined;
  };
  readonly cache: CacheConfig;
  readonly ttlMillis: number;
  readonly staleMillis: number;
}

/** @throws ConfigError naming every variable that is missing or wrong */
export function readConfig(env: NodeJS.ProcessEnv): ScoreConfig {
  const values = readEnvironment('score', variables, env, shadowFaults);
  return {
    ...commonConfig(values),
    port: values.SCORE_PORT,
    metricsAddress: metricsAddress(values.METRICS_HOST, values.SCORE_METRICS_PORT, values.SCORE_PORT),
    model: values.SCORE_MODEL,
    shadowModel: values.SCORE_SHADOW_MODEL,
    base: {
      url: values.BASE_B_URL,
      budget: { acquireMillis: values.BASE_B_ACQUIRE_MILLIS, statementMillis: values.BASE_B_STATEMENT_MILLIS },
      connections: values.BASE_B_CONNECTIONS,
      replica: replicaConfig(values.BASE_B_REPLICA_URL, values.BASE_B_REPLICA_LAG_MAX_SECONDS),
    },
    cache: cacheConfig(values, { millis: CACHE_MILLIS }),
    ttlMillis: 1_000 * (values.CACHE_TTL_SECONDS ?? CACHE_TTL_SECONDS),
    staleMillis: 1_000 * values.CACHE_STALE_SECONDS,
  };
}

const shadowFaults = (set: Readonly<Record<string, string | undefined>>) =>
  set['SCORE_SHADOW_MODEL'] !== undefined &&
  set['SCORE_SHADOW_MODEL'] === (set['SCORE_MODEL'] ?? variables.SCORE_MODEL.parse(undefined))
    ? [{ name: 'SCORE_SHADOW_MODEL', message: 'is the version that answers' }]
    : [];
