import type { ElasticsearchConfig } from '@pessoa/search-index/elasticsearch-client';
import { elasticsearchApiKey, elasticsearchUrl, searchAlias } from '@pessoa/search-index/search-variables';
import {
  commonConfig,
  type CommonConfig,
  commonVariables,
  httpUrl,
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

/** Every environment variable that this process reads. */
export const variables = {
  ...commonVariables,
  EVENT_PORT: port(4003),
  EVENT_METRICS_PORT: metricsPort,
  /** Base C, reader role. */
  BASE_C_URL: postgresUrl,
  BASE_C_ACQUIRE_MILLIS: millis(100),
  BASE_C_STATEMENT_MILLIS: millis(350),
  BASE_C_CONNECTIONS: wholeNumber(1, 100).default(10),
  /** A replica of Base C, reader role. Event reads it while it is current. */
  BASE_C_REPLICA_URL: postgresUrl.optional(),
  BASE_C_REPLICA_LAG_MAX_SECONDS: lagMaxSeconds('baseC'),
  /** A role that may select from the audit: the inquiries that Pessoa answered are among a person's `consultas`. */
  AUDIT_READER_URL: postgresUrl,
  AUDIT_READER_TIMEOUT_MILLIS: millis(200),
  /** The auditor, for the proofs of reads in `consultas`. Without it they are FONTE_INDISPONIVEL. */
  AUDITOR_URL: httpUrl.optional(),
  /** Time for the proofs of an answer. It begins when the list has been read. */
  AUDITOR_TIMEOUT_MILLIS: millis(200),
  /** Elasticsearch with an index of Base C's postings. Without it Event searches Base C. */
  ELASTICSEARCH_URL: elasticsearchUrl.optional(),
  ELASTICSEARCH_API_KEY: elasticsearchApiKey,
  SEARCH_ALIAS: searchAlias,
  /** The whole time of one search of the index. After it Base C answers. */
  SEARCH_MILLIS: millis(150),
  /** Event does not search an index whose lag behind Base C is longer than this, or unknown. */
  SEARCH_LAG_MAX_SECONDS: wholeNumber(1, 86_400, 'a whole number of seconds').default(30),
  ...cacheVariables,
  /** How long a cached last purchase counts as current. That a person has no purchase is cached too. */
  CACHE_TTL_SECONDS: wholeNumber(30, 60, 'a whole number of seconds').optional(),
};

/** Time for a lookup in Redis. With the base's budget it stays below the time that the router gives a call. */
const CACHE_MILLIS = 50;
const CACHE_TTL_SECONDS = 45;

export interface EventConfig extends CommonConfig {
  readonly port: number;
  readonly metricsAddress: MetricsAddress | undefined;
  readonly base: {
    readonly url: string;
    readonly budget: BaseBudget;
    readonly connections: number;
    readonly replica: ReplicaConfig | undefined;
  };
  readonly auditReader: { readonly url: string; readonly timeoutMillis: number };
  /** Without a URL there are no proofs. */
  readonly auditor: { readonly url: string | undefined; readonly timeoutMillis: number };
  /** undefined without an index. */
  readonly search: SearchConfig | undefined;
  readonly cache: CacheConfig;
  readonly ttlMillis: number;
}

export interface SearchConfig extends ElasticsearchConfig {
  readonly alias: string;
  readonly searchMillis: number;
  readonly lagMaxSeconds: number;
}

/**
 * Time for all reads of one request together, in milliseconds. A lookup in Redis or a search of the index that does not
 * answer leaves Base C the time of one connection and one statement.
 */
export function readMillisOf({ base, cache, search }: EventConfig): number {
  const { acquireMillis, statementMillis } = base.budget;
  const cacheMillis = cache.kind === 'redis' ? cache.millis : 0;
  return cacheMillis + (search?.searchMillis ?? 0) + acquireMillis + statementMillis;
}

/** @throws ConfigError naming every variable that is missing or wrong */
export function readConfig(env: NodeJS.ProcessEnv): EventConfig {
  const values = readEnvironment('event', variables, env);
  return {
    ...commonConfig(values),
    port: values.EVENT_PORT,
    metricsAddress: metricsAddress(values.METRICS_HOST, values.EVENT_METRICS_PORT, values.EVENT_PORT),
    base: {
      url: values.BASE_C_URL,
      budget: { acquireMillis: values.BASE_C_ACQUIRE_MILLIS, statementMillis: values.BASE_C_STATEMENT_MILLIS },
      connections: values.BASE_C_CONNECTIONS,
      replica: replicaConfig(values.BASE_C_REPLICA_URL, values.BASE_C_REPLICA_LAG_MAX_SECONDS),
    },
    auditReader: { url: values.AUDIT_READER_URL, timeoutMillis: values.AUDIT_READER_TIMEOUT_MILLIS },
    auditor: { url: values.AUDITOR_URL, timeoutMillis: values.AUDITOR_TIMEOUT_MILLIS },
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
    cache: cacheConfig(values, { millis: CACHE_MILLIS }),
    ttlMillis: 1_000 * (values.CACHE_TTL_SECONDS ?? CACHE_TTL_SECONDS),
  };
}
