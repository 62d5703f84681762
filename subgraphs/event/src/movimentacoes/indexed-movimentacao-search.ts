import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { PublicError } from '@pessoa/domain/errors';
import { connectElasticsearch } from '@pessoa/search-index/elasticsearch-client';
import type { Logger } from '@pessoa/service/logging/logger';
import { observeElasticsearch } from '@pessoa/service/metrics/call-metrics';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import type { SearchConfig } from '../config.ts';
import { watchCurrentIndex } from './elasticsearch-current-index.ts';
import { elasticsearchMovimentacaoSearch } from './elasticsearch-movimentacao-search.ts';
import { fallbackMovimentacaoSearch } from './fallback-movimentacao-search.ts';
import type { MovimentacaoSearch } from './movimentacao-search.ts';

/** Time for one reading of the index's state. No client waits for it. */
const STATE_MILLIS = 1_000;

interface IndexedSearchOptions extends SearchConfig {
  readonly baseC: MovimentacaoSearch;
  readonly cpfHash: CpfHash;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * Searches the index while it is current, and Base C otherwise. The promise resolves within 1 s, whether Elasticsearch
 * answers or not.
 */
export async function openIndexedSearch(
  options: IndexedSearchOptions,
): Promise<{ readonly search: MovimentacaoSearch; close(): Promise<void> }> {
  const { baseC, cpfHash, metrics, logger, searchMillis } = options;
  const client = connectElasticsearch({ ...options, requestMillis: Math.max(STATE_MILLIS, searchMillis) });
  observeElasticsearch(metrics, client);
  const current = await watchCurrentIndex({ client, ...options });
  const indexName = (): string => {
    const name = current.name();
    if (name === undefined) throw new PublicError('FONTE_INDISPONIVEL', { fonte: 'evento' });
    return name;
  };
  return {
    search: fallbackMovimentacaoSearch({
      index: elasticsearchMovimentacaoSearch({ client, indexName, cpfHash, searchMillis, metrics }),
      baseC,
      isCurrent: () => current.name() !== undefined,
      hasAllOf: current.hasAllOf,
      metrics,
      logger,
    }),
    async close() {
      current.close();
      await client.close();
    },
  };
}
