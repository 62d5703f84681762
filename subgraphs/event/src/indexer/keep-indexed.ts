import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@pessoa/platform/logging/logger';
import { elasticsearchError } from '../indice/elasticsearch-error.ts';
import { errors } from '@elastic/elasticsearch';
import type { IndexState } from '../indice/index-state.ts';
import { buildIndex, type Indexing } from './build-index.ts';
import { RebuildNeeded } from './change-source.ts';
import { followIndex } from './follow-index.ts';
import { indexGenerations } from './index-generations.ts';
import type { IndexerMetrics } from './indexer-metrics.ts';
import { usableIndex } from './usable-index.ts';

const RETRY_MILLIS = 1_000;

export interface KeepOptions {
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly metrics: IndexerMetrics;
  /** Whether it is going well, said at each change. */
  readonly onHealth: (isWell: boolean) => void;
}

/**
 * Until `signal`: builds an index when the alias has none that we can go on with, follows Base C, moves over when another
 * process has put the alias on a new one, and removes the old. Whatever fails is begun again.
 */
export async function keepIndexed(indexing: Indexing, options: KeepOptions): Promise<void> {
  const { signal, logger, metrics, onHealth } = options;
  let mustBuild = false;
  while (!signal.aborted) {
    try {
      const state = mustBuild ? undefined : await usableIndex(indexing);
      if (state) {
        await follow(indexing, state, options);
      } else {
        logger.info('building an index');
        const indice = await buildIndex(indexing, { signal });
        mustBuild = false;
        metrics.built();
        logger.info({ indice }, 'the index is built and in use');
      }
    } catch (error) {
      if (signal.aborted) return;
      onHealth(false);
      metrics.failed();
      if (error instanceof RebuildNeeded) mustBuild = true;
      const err = error instanceof errors.ElasticsearchClientError ? elasticsearchError(error) : error;
      logger.warn({ err }, mustBuild ? 'the index must be built anew' : 'indexing failed; trying again');
      await sleep(RETRY_MILLIS, undefined, { signal }).catch(() => {});
    }
  }
}

async function follow(indexing: Indexing, state: IndexState, options: KeepOptions): Promise<void> {
  const { signal, logger, metrics, onHealth } = options;
  await followIndex(indexing, state, {
    signal,
    onPage: ({ rows, posicao }) => metrics.written(rows, posicao),
    onSaved(emDia) {
      onHealth(true);
      if (emDia) metrics.upToDate(emDia);
    },
  });
  if (signal.aborted) return;
  logger.info({ indice: state.indice }, 'another index is in use: moving over');
  await indexGenerations(indexing.client, indexing.alias).remove(state.indice);
  await indexing.source.forget(state.indice);
}
