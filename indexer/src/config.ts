import type { ElasticsearchConfig } from '@pessoa/search-index/elasticsearch-client';
import type { FollowMode } from '@pessoa/search-index/movimentacao-index';
import { elasticsearchApiKey, elasticsearchUrl, searchAlias } from '@pessoa/search-index/search-variables';
import {
  commonVariables,
  type SettingFault,
  metricsAddress,
  metricsPort,
  port,
  postgresUrl,
  readEnvironment,
} from '@pessoa/service/config/environment';
import { unencryptedVariables } from '@pessoa/service/config/production-faults';
import { wholeNumber } from '@pessoa/service/config/whole-number';
import type { MetricsAddress } from '@pessoa/service/metrics/metrics';
import { z } from 'zod';

const { HOST, METRICS_HOST, LOG_LEVEL, CPF_HASH_KEY } = commonVariables;

/** Every variable that the indexer reads. */
export const variables = {
  HOST,
  METRICS_HOST,
  LOG_LEVEL,
  CPF_HASH_KEY,
  INDEXER_PORT: port(4004),
  INDEXER_METRICS_PORT: metricsPort,
  /** How the indexer reads changes: by `movimentacao.versao`, or by PostgreSQL's logical decoding. */
  INDEXER_FOLLOW: z.enum(['keyset', 'logical'], 'is neither keyset nor logical').default('keyset'),
  /**
   * Time between two comparisons of the number of postings in Base C and in the index. A million postings take 70 ms in Base C and
   * 25 ms in the index.
   */
  INDEXER_COUNT_SECONDS: wholeNumber(1, 86_400, 'a whole number of seconds').default(60),
  /** Base C, by a reader role that may also select `movimentacao.versao`. */
  BASE_C_URL: postgresUrl,
  /** The same database, by a role with REPLICATION; required with INDEXER_FOLLOW=logical. */
  BASE_C_REPLICATION_URL: postgresUrl.optional(),
  ELASTICSEARCH_URL: elasticsearchUrl,
  ELASTICSEARCH_API_KEY: elasticsearchApiKey,
  SEARCH_ALIAS: searchAlias,
};

export interface IndexConfig {
  readonly baseC: { readonly url: string };
  readonly follow: { readonly mode: FollowMode; readonly replicationUrl: string | undefined };
  readonly elasticsearch: ElasticsearchConfig;
  readonly alias: string;
  readonly cpfHashKey: Uint8Array;
}

export interface IndexerConfig extends IndexConfig {
  /** Names of variables whose connections send data unencrypted to another machine. */
  readonly unencrypted: readonly string[];
  readonly host: string;
  readonly port: number;
  /** Time between two comparisons of the number of postings in Base C and in the index. */
  readonly countEveryMillis: number;
  readonly metricsAddress: MetricsAddress | undefined;
  readonly logLevel: z.infer<typeof LOG_LEVEL>;
}

const replicationFaults = (set: Readonly<Record<string, string | undefined>>): SettingFault[] =>
  set['INDEXER_FOLLOW'] === 'logical' && set['BASE_C_REPLICATION_URL'] === undefined
    ? [{ name: 'BASE_C_REPLICATION_URL', message: 'is required with INDEXER_FOLLOW=logical' }]
    : [];

/** @throws ConfigError naming every variable that is missing or wrong */
export function readConfig(env: NodeJS.ProcessEnv): IndexerConfig {
  const values = readEnvironment('indexer', variables, env, replicationFaults);
  return {
    host: values.HOST,
    port: values.INDEXER_PORT,
    metricsAddress: metricsAddress(values.METRICS_HOST, values.INDEXER_METRICS_PORT, values.INDEXER_PORT),
    countEveryMillis: values.INDEXER_COUNT_SECONDS * 1_000,
    logLevel: values.LOG_LEVEL,
    baseC: { url: values.BASE_C_URL },
    follow: { mode: values.INDEXER_FOLLOW, replicationUrl: values.BASE_C_REPLICATION_URL },
    elasticsearch: { url: values.ELASTICSEARCH_URL, apiKey: values.ELASTICSEARCH_API_KEY },
    alias: values.SEARCH_ALIAS,
    cpfHashKey: values.CPF_HASH_KEY,
    unencrypted: unencryptedVariables(values),
  };
}
