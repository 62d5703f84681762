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
  EVENT_PORT: port(4003),
  /** Base C, reader role. */
  BASE_C_URL: postgresUrl,
  BASE_C_ACQUIRE_MILLIS: millis(100),
  BASE_C_STATEMENT_MILLIS: millis(350),
  BASE_C_CONNECTIONS: z.coerce.number().int().min(1).max(100).default(10),
  /** A replica of Base C, reader role: read instead while it is in step. */
  BASE_C_REPLICA_URL: postgresUrl.optional(),
  BASE_C_REPLICA_LAG_MAX_SECONDS: lagMaxSeconds(30),
  /** PostgreSQL role that may select from the audit: our own reads are among a person's `consultas`. */
  AUDIT_READER_URL: postgresUrl,
  AUDIT_READER_TIMEOUT_MILLIS: millis(200),
};

export interface EventConfig extends CommonConfig {
  readonly port: number;
  readonly base: {
    readonly url: string;
    readonly budget: BaseBudget;
    readonly connections: number;
    readonly replica: ReplicaConfig | undefined;
  };
  readonly auditReader: { readonly url: string; readonly timeoutMillis: number };
}

/** @throws ConfigError naming every variable that is missing or wrong */
export function readConfig(env: NodeJS.ProcessEnv): EventConfig {
  const values = readEnvironment('event', variables, env);
  return {
    ...commonConfig(values),
    port: values.EVENT_PORT,
    base: {
      url: values.BASE_C_URL,
      budget: { acquireMillis: values.BASE_C_ACQUIRE_MILLIS, statementMillis: values.BASE_C_STATEMENT_MILLIS },
      connections: values.BASE_C_CONNECTIONS,
      replica: replicaConfig(values.BASE_C_REPLICA_URL, values.BASE_C_REPLICA_LAG_MAX_SECONDS),
    },
    auditReader: { url: values.AUDIT_READER_URL, timeoutMillis: values.AUDIT_READER_TIMEOUT_MILLIS },
  };
}
