import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '@pessoa/indexer/config';
import { startIndexer } from '@pessoa/indexer/indexer';
import { openIndexing } from '@pessoa/indexer/open-indexing';
import { readIndexState } from '@pessoa/search-index/index-state';
import { createLogger } from '@pessoa/service/logging/logger';
import { dropIndexes, serverVariables } from '@pessoa/testkit/servers';
import type { TestBases } from '@pessoa/testkit/test-bases';

/** An index of a test's own over its Base C, kept by an indexer in this process. */
export interface IndexedPostings {
  /** For Event's variables, and for the indexer's commands. */
  readonly env: Record<string, string>;
  /** Of the indexer: `/health`. */
  readonly url: string;
  /** Resolves when everything committed in Base C before this call can be found. */
  caughtUp(): Promise<void>;
  /** Stops the indexer and removes what it has made. */
  close(): Promise<void>;
}

/**
 * The first index is built when it resolves.
 *
 * @param cpfHashKey of the services that search it
 * @param server default: the Elasticsearch of `npm run test:servers`, which others use as well
 */
export async function startIndexedPostings(
  { baseC }: TestBases,
  cpfHashKey: string,
  server?: { readonly url: string; readonly alias: string },
): Promise<IndexedPostings> {
  const shared = serverVariables();
  const { url: ELASTICSEARCH_URL, alias } = server ?? { url: shared.ELASTICSEARCH_URL, alias: shared.SEARCH_ALIAS };
  const env = { BASE_C_URL: baseC.readerUrl, CPF_HASH_KEY: cpfHashKey, ELASTICSEARCH_URL, SEARCH_ALIAS: alias };
  const config = readConfig({ ...env, INDEXER_PORT: '0' });
  const indexer = await startIndexer(config, createLogger({ service: 'indexer', level: 'silent' }));
  const indexing = openIndexing(config);
  const caughtUp = async (): Promise<void> => {
    const now = Date.now();
    for (;;) {
      // Its index may just be in the making.
      const state = await readIndexState(indexing.client, alias).catch(() => undefined);
      if (state && Date.parse(state.upToDateAt) > now) return;
      await sleep(50);
    }
  };
  await caughtUp();
  return {
    env,
    url: indexer.url,
    caughtUp,
    async close() {
      await indexer.close();
      await indexing.close();
      if (server === undefined) await dropIndexes(alias);
    },
  };
}
