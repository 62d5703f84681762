import type { BaseBudget } from '@pessoa/platform/base/base';
import {
  commonConfig,
  type CommonConfig,
  commonVariables,
  lagMaxSeconds,
  millis,
  port,
  postgresUrl,
  readEnvironment,
  replicaConfig,
} from '@pessoa/platform/config/environment';
import type { ReplicaConfig } from '@pessoa/platform/replica/replica-monitor';
import { z } from 'zod';

/** Every variable this process reads. */
export const variables = {
  ...commonVariables,
  SCORE_PORT: port(4002),
  /** Base B, reader role. */
  BASE_B_URL: postgresUrl,
  BASE_B_ACQUIRE_MILLIS: millis(100),
  BASE_B_STATEMENT_MILLIS: millis(500),
  BASE_B_CONNECTIONS: z.coerce.number().int().min(1).max(100).default(10),
  /** A replica of Base B, reader role: read instead while it is in step. */
  BASE_B_REPLICA_URL: postgresUrl.optional(),
  BASE_B_REPLICA_LAG_MAX_SECONDS: lagMaxSeconds(300),
};

export interface ScoreConfig extends CommonConfig {
  readonly port: number;
  readonly base: {
    readonly url: string;
    readonly budget: BaseBudget;
    readonly connections: number;
    readonly replica: ReplicaConfig | undefined;
  };
}

/** @throws ConfigError naming every variable that is missing or wrong */
export function readConfig(env: NodeJS.ProcessEnv): ScoreConfig {
  const values = readEnvironment('score', variables, env);
  return {
    ...commonConfig(values),
    port: values.SCORE_PORT,
    base: {
      url: values.BASE_B_URL,
      budget: { acquireMillis: values.BASE_B_ACQUIRE_MILLIS, statementMillis: values.BASE_B_STATEMENT_MILLIS },
      connections: values.BASE_B_CONNECTIONS,
      replica: replicaConfig(values.BASE_B_REPLICA_URL, values.BASE_B_REPLICA_LAG_MAX_SECONDS),
    },
  };
}
