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
import { lagMaxSeconds, replicaConfig } from '@pessoa/subgraph/replica/replica-config';
import type { ReplicaConfig } from '@pessoa/subgraph/replica/replica-monitor';

/** Every variable that this process reads. */
export const variables = {
  ...commonVariables,
  DEBT_PORT: port(4001),
  DEBT_METRICS_PORT: metricsPort,
  /** Base A, reader role. */
  BASE_A_URL: postgresUrl,
  BASE_A_ACQUIRE_MILLIS: millis(200),
  BASE_A_STATEMENT_MILLIS: millis(1_200),
  BASE_A_CONNECTIONS: wholeNumber(1, 100).default(10),
  /** A replica of Base A, reader role. It is read while it is current. */
  BASE_A_REPLICA_URL: postgresUrl.optional(),
  BASE_A_REPLICA_LAG_MAX_SECONDS: lagMaxSeconds('baseA'),
};

export interface DebtConfig extends CommonConfig {
  readonly port: number;
  readonly metricsAddress: MetricsAddress | undefined;
  readonly base: {
    readonly url: string;
    readonly budget: BaseBudget;
    readonly connections: number;
    readonly replica: ReplicaConfig | undefined;
  };
}

/** @throws ConfigError with every missing or wrong variable */
export function readConfig(env: NodeJS.ProcessEnv): DebtConfig {
  const values = readEnvironment('debt', variables, env);
  return {
    ...commonConfig(values),
    port: values.DEBT_PORT,
    metricsAddress: metricsAddress(values.METRICS_HOST, values.DEBT_METRICS_PORT, values.DEBT_PORT),
    base: {
      url: values.BASE_A_URL,
      budget: { acquireMillis: values.BASE_A_ACQUIRE_MILLIS, statementMillis: values.BASE_A_STATEMENT_MILLIS },
      connections: values.BASE_A_CONNECTIONS,
      replica: replicaConfig(values.BASE_A_REPLICA_URL, values.BASE_A_REPLICA_LAG_MAX_SECONDS),
    },
  };
}
