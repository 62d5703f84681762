import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '@pessoa/indexer/config';
import { startIndexer } from '@pessoa/indexer/indexer';
import { openIndexing } from '@pessoa/indexer/open-indexing';
import { readIndexState } from '@pessoa/search-index/index-state';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { dropIndexes, serverVariables } from '@pessoa/testkit/servers';
import type { TestBases } from '@pessoa/testkit/test-bases';

/** A search index over a test's Base C, which an indexer in this process keeps. */
export interface IndexedPostings {
  /** Variables for Event. */
  readonly env: Record<string, string>;
  /** Variables for the indexer's commands, which have a role of their own. */
  readonly indexerEnv: Record<string, string>;
  /** URL of the indexer. */
  readonly url: string;
  readonly metricsUrl: string | undefined;
  /** Resolves when the search finds everything that was committed in Base C before this call. */
  waitUntilIndexed(): Promise<void>;
  /** Stops the indexer and removes its indexes. */
  close(): Promise<void>;
}

/**
 * Resolves when the first index is built.
 *
 * @param cpfHashKey the key of the services that search it
 * @param server default: the shared Elasticsearch of `npm run test:servers`
 */
export async function startIndexedPostings(
  { indexerUrl }: TestBases,
  cpfHashKey: string,
  server?: { readonly url: string; readonly alias: string },
): Promise<IndexedPostings> {
  const shared = serverVariables();
  const { url: ELASTICSEARCH_URL, alias } = server ?? { url: shared.ELASTICSEARCH_URL, alias: shared.SEARCH_ALIAS };
  const env = { CPF_HASH_KEY: cpfHashKey, ELASTICSEARCH_URL, SEARCH_ALIAS: alias };
  const indexerEnv = { ...env, BASE_C_URL: indexerUrl };
  const config = readConfig({ ...indexerEnv, INDEXER_PORT: '0' });
  const indexer = await startIndexer(config, testLog({ service: 'indexer' }).logger);
  const indexing = openIndexing(config);
  const waitUntilIndexed = async (): Promise<void> => {
    const now = Date.now();
    for (;;) {
      // The index may not exist yet.
      const state = await readIndexState(indexing.client, alias).catch(() => undefined);
      if (state && Date.parse(state.upToDateAt) > now) return;
      await sleep(50);
    }
  };
  await waitUntilIndexed();
  return {
    env,
    indexerEnv,
    url: indexer.url,
    metricsUrl: indexer.metricsUrl,
    waitUntilIndexed: waitUntilIndexed,
    async close() {
      await indexer.close();
      await indexing.close();
      if (server === undefined) await dropIndexes(alias);
    },
  };
}
