import type { BaseBudget } from '@pessoa/platform/base/base';
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
  SCORE_PORT: port(4002),
  /** Base B, reader role. */
  BASE_B_URL: postgresUrl,
  BASE_B_ACQUIRE_MILLIS: millis(100),
  BASE_B_STATEMENT_MILLIS: millis(500),
  BASE_B_CONNECTIONS: z.coerce.number().int().min(1).max(100).default(10),
};

export interface ScoreConfig extends CommonConfig {
  readonly port: number;
  readonly base: { readonly url: string; readonly budget: BaseBudget; readonly connections: number };
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
    },
  };
}
