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
import type { ElasticsearchConfig } from './indice/elasticsearch-client.ts';
import { elasticsearchApiKey, elasticsearchUrl, searchAlias } from './indice/search-variables.ts';

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
  /** Elasticsearch with an index of Base C's postings; absent: they are searched in Base C itself. */
  ELASTICSEARCH_URL: elasticsearchUrl.optional(),
  ELASTICSEARCH_API_KEY: elasticsearchApiKey,
  SEARCH_ALIAS: searchAlias,
  /** For one search of the index, all of it; then Base C answers. */
  SEARCH_MILLIS: millis(150),
  /** An index further behind Base C than this, or of which it is not known, is not searched. */
  SEARCH_LAG_MAX_SECONDS: z.coerce.number('is not a number of s').int().min(1).max(86_400).default(30),
};

export interface EventConfig extends CommonConfig {
  readonly port: number;
  readonly base: { readonly url: string; readonly budget: BaseBudget; readonly connections: number };
  readonly auditReader: { readonly url: string; readonly timeoutMillis: number };
  /** Undefined: no index. */
  readonly search: SearchConfig | undefined;
}

export interface SearchConfig extends ElasticsearchConfig {
  readonly alias: string;
  readonly searchMillis: number;
  readonly lagMaxSeconds: number;
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
    },
    auditReader: { url: values.AUDIT_READER_URL, timeoutMillis: values.AUDIT_READER_TIMEOUT_MILLIS },
    search:
      values.ELASTICSEARCH_URL === undefined
        ? undefined
        : {
            url: values.ELASTICSEARCH_URL,
            apiKey: values.ELASTICSEARCH_API_KEY,
            alias: values.SEARCH_ALIAS,
            searchMillis: values.SEARCH_MILLIS,
            lagMaxSeconds: values.SEARCH_LAG_MAX_SECONDS,
          },
  };
}
