import {
  commonConfig,
  type CommonConfig,
  commonVariables,
  millis,
  port,
  postgresUrl,
  readEnvironment,
} from '@pessoa/platform/config/environment';
import type { BaseBudget } from '@pessoa/platform/base/base';
import { z } from 'zod';

/** Every variable this process reads. */
export const variables = {
  ...commonVariables,
  DEBT_PORT: port(4001),
  /** Base A, reader role. */
  BASE_A_URL: postgresUrl,
  BASE_A_ACQUIRE_MILLIS: millis(200),
  BASE_A_STATEMENT_MILLIS: millis(1_200),
  BASE_A_CONNECTIONS: z.coerce.number().int().min(1).max(100).default(10),
};

export interface DebtConfig extends CommonConfig {
  readonly port: number;
  readonly base: { readonly url: string; readonly budget: BaseBudget; readonly connections: number };
}

/** @throws ConfigError naming every variable that is missing or wrong */
export function readConfig(env: NodeJS.ProcessEnv): DebtConfig {
  const values = readEnvironment('debt', variables, env);
  return {
    ...commonConfig(values),
    port: values.DEBT_PORT,
    base: {
      url: values.BASE_A_URL,
      budget: { acquireMillis: values.BASE_A_ACQUIRE_MILLIS, statementMillis: values.BASE_A_STATEMENT_MILLIS },
      connections: values.BASE_A_CONNECTIONS,
    },
  };
}
