import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { openPool, readingSettings } from '@pessoa/postgres/connection-pool';
import { findTablesByCatalogue } from '@pessoa/postgres/table-schemas';
import { connectElasticsearch } from '@pessoa/search-index/elasticsearch-client';
import type { Indexing } from './build-index.ts';
import type { IndexConfig } from './config.ts';
import { keysetChangeSource } from './keyset-change-source.ts';
import { logicalChangeSource } from './logical-change-source.ts';

/** Enough for a bulk of 5,000 rows on a busy server. */
const REQUEST_MILLIS = 60_000;
const STATEMENT_MILLIS = 60_000;

export interface OpenIndexing extends Indexing {
  close(): Promise<void>;
}

/** Opens the connections to Base C and Elasticsearch, and the configured source of changes. */
export function openIndexing({ baseC: { url }, follow, elasticsearch, alias, cpfHashKey }: IndexConfig): OpenIndexing {
  const client = connectElasticsearch({ ...elasticsearch, requestMillis: REQUEST_MILLIS });
  const baseC = openPool(
    {
      connectionString: url,
      max: 4,
      connectionTimeoutMillis: 5_000,
      query_timeout: STATEMENT_MILLIS,
      keepAlive: true,
    },
    readingSettings(STATEMENT_MILLIS),
  );
  findTablesByCatalogue(baseC, ['movimentacao']);
  const source =
    follow.mode === 'logical'
      ? logicalChangeSource({ baseC, replicationUrl: follow.replicationUrl!, alias })
      : keysetChangeSource(baseC);
  return {
    client,
    alias,
    source,
    baseC,
    cpfHash: cpfHasher(cpfHashKey),
    async close() {
      await source.close();
      await Promise.all([client.close(), baseC.end()]);
    },
  };
}
