import { setTimeout as sleep } from 'node:timers/promises';
import { errors } from '@elastic/elasticsearch';
import { elasticsearchError } from '@pessoa/search-index/elasticsearch-error';
import type { IndexState } from '@pessoa/search-index/index-state';
import { ConfigError } from '@pessoa/service/config/environment';
import { type Logger, maskSecrets } from '@pessoa/service/logging/logger';
import { buildIndex, type Indexing } from './build-index.ts';
import { AlreadyBuilding, whileBuildingAlone } from './build-lock.ts';
import { RebuildNeeded } from './change-source.ts';
import { followIndex } from './follow-index.ts';
import { indexGenerations } from './index-generations.ts';
import { withdrawFollowed } from './index-position.ts';
import type { UnreadablePosting } from './index-writer.ts';
import type { IndexerMetrics, Stop } from './indexer-metrics.ts';
import { usableIndex } from './usable-index.ts';

const RETRY_MILLIS = 1_000;
/** The longest wait after repeated failures. */
const RETRY_MILLIS_MAX = 10_000;
/** The longest wait after repeated rebuilds, until a count finds an index equal to Base C. */
const REBUILD_MILLIS_MAX = 300_000;

export interface KeepOptions {
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly metrics: IndexerMetrics;
  /** Time between two comparisons of the number of postings in Base C and in the index. */
  readonly countEveryMillis: number;
  /** Called with true after each write of the state, and with false after an error. */
  readonly onHealth: (isWell: boolean) => void;
}

/**
 * Runs until `signal`. Builds an index if the alias has no usable one, follows Base C, and moves to the new index when another
 * process has built one; then removes the old index. After an error it starts again.
 */
export async function keepIndexed(indexing: Indexing, options: KeepOptions): Promise<void> {
  const { signal, logger, metrics, onHealth } = options;
  let unusableIndex: string | undefined;
  let retryMillis = RETRY_MILLIS;
  let rebuildMillis = RETRY_MILLIS;
  while (!signal.aborted) {
    let state: IndexState | undefined;
    try {
      state = await usableIndex(indexing);
      if (state && state.index !== unusableIndex) {
        await follow(indexing, state, {
          ...options,
          onHealth: (isWell) => (onHealth(isWell), (retryMillis = RETRY_MILLIS)),
          metrics: { ...metrics, counted: () => (metrics.counted(), (rebuildMillis = RETRY_MILLIS)) },
        });
      } else {
        logger.info('building an index');
        const index = await buildIndex(indexing, { signal, onUnreadable: reportUnreadable(options) });
        metrics.built();
        retryMillis = RETRY_MILLIS;
        logger.info({ indice: index }, 'the index is built and in use');
      }
    } catch (error) {
      if (signal.aborted) return;
      const isUnusable = error instanceof RebuildNeeded;
      if (isUnusable && state) await withdrawFollowed(indexing.client, indexing.alias, state.index).catch(() => {}); // without this the state expires after a few seconds
      onHealth(false);
      metrics.failed();
      metrics.stopped(reasonOf(error));
      if (isUnusable && state) unusableIndex = state.index; // another process may build the next one meanwhile
      logger.warn(
        { err: shownError(error) },
        isUnusable ? 'the index must be built anew' : 'indexing failed; trying again',
      );
      // Without this, Base C would keep its log for the abandoned index until the disk is full.
      if (isUnusable && state) await indexing.source.forget(state.index).catch(() => {});
      await sleep(isUnusable ? rebuildMillis : retryMillis, undefined, { signal }).catch(() => {});
      if (isUnusable) rebuildMillis = Math.min(2 * rebuildMillis, REBUILD_MILLIS_MAX);
      else retryMillis = Math.min(2 * retryMillis, RETRY_MILLIS_MAX);
    }
  }
}

/** The number of unreadable postings of one page that are logged by id. The metric counts all of them. */
const LOGGED_AT_ONCE = 20;

const reportUnreadable =
  ({ logger, metrics }: KeepOptions) =>
  (postings: readonly UnreadablePosting[]): void => {
    metrics.unreadable(postings.length);
    for (const { id, reason } of postings.slice(0, LOGGED_AT_ONCE)) {
      logger.warn(
        { lancamento: maskSecrets(id), motivo: reason },
        'a posting cannot be indexed: Base C answers for its person',
      );
    }
  };

const shownError = (error: unknown): unknown =>
  error instanceof errors.ElasticsearchClientError ? elasticsearchError(error) : error;

function reasonOf(error: unknown): Stop {
  if (error instanceof RebuildNeeded) return 'changed';
  return error instanceof ConfigError ? 'refused' : 'failed';
}

async function follow(indexing: Indexing, state: IndexState, options: KeepOptions): Promise<void> {
  const { signal, logger, metrics, onHealth, countEveryMillis } = options;
  const following = new AbortController();
  const leftoversRemoval = removeLeftoversOnce(
    indexing,
    state.index,
    AbortSignal.any([signal, following.signal]),
    logger,
  );
  try {
    await followIndex(indexing, state, {
      signal,
      onUnreadable: reportUnreadable(options),
      onPage: ({ rows, position }) => metrics.written(rows, position),
      onSaved(upToDateAt) {
        onHealth(true);
        metrics.stopped(undefined);
        if (upToDateAt) metrics.upToDate(upToDateAt);
      },
      count: {
        everyMillis: countEveryMillis,
        onCounted: metrics.counted,
        onFailure: (err) =>
          logger.warn({ err: shownError(err) }, 'the postings of Base C and the index were not counted'),
      },
    });
  } finally {
    following.abort();
    await leftoversRemoval;
  }
  if (signal.aborted) return;
  logger.info({ indice: state.index }, 'another index is in use: moving over');
  await indexGenerations(indexing.client, indexing.alias).remove(state.index);
  await indexing.source.forget(state.index);
}

/**
 * Removes leftovers of other indexes once, while the index follows, and retries until it succeeds. An old replication slot would
 * make Base C keep its log.
 */
async function removeLeftoversOnce(
  indexing: Indexing,
  index: string,
  signal: AbortSignal,
  logger: Logger,
): Promise<void> {
  while (!signal.aborted) {
    try {
      return await removeLeftovers(indexing, index);
    } catch (err) {
      if (!(err instanceof AlreadyBuilding)) logger.warn({ err }, 'what other indexes have left is not removed yet');
      await sleep(RETRY_MILLIS, undefined, { signal }).catch(() => {});
    }
  }
}

/**
 * Removes every index of the alias except the one in use, and what Base C keeps for them. Does nothing if the alias points at
 * another index than `inUse`.
 *
 * @throws AlreadyBuilding while another process builds: its index must stay
 */
async function removeLeftovers({ client, alias, source, baseC }: Indexing, inUse: string): Promise<void> {
  const generations = indexGenerations(client, alias);
  await whileBuildingAlone(baseC, alias, async () => {
    if ((await generations.current()) !== inUse) return;
    await generations.removeOthers([inUse]);
    await source.forgetOthers([inUse]);
  });
}
