import type { Client } from '@elastic/elasticsearch';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { systemClock } from '@pessoa/domain/data';
import { ensureStateIndex, keyMarkOf } from '@pessoa/search-index/index-state';
import {
  createMovimentacaoIndex,
  indexUuidOf,
  newIndexName,
  refreshIndex,
} from '@pessoa/search-index/movimentacao-index';
import type { Pool } from 'pg';
import { type BuildLock, whileBuildingAlone } from './build-lock.ts';
import type { ChangePage, ChangeSource } from './change-source.ts';
import { writePages } from './follow-pages.ts';
import { indexGenerations } from './index-generations.ts';
import { writeFollowed, writePosition } from './index-position.ts';
import { indexWriter, type UnreadablePosting } from './index-writer.ts';
import { unreadablePeople } from './unreadable-people.ts';

export interface Indexing {
  readonly client: Client;
  readonly alias: string;
  readonly source: ChangeSource;
  /** Base C, reader role. */
  readonly baseC: Pool;
  readonly cpfHash: CpfHash;
}

export interface BuildOptions {
  readonly signal?: AbortSignal;
  /** Called with the number of rows written so far. A row that changes during the build counts more than once. */
  readonly onProgress?: (rows: number) => void;
  /** Called with postings that the index cannot hold. Event searches Base C for their people. */
  readonly onUnreadable?: (postings: readonly UnreadablePosting[]) => void;
}

/**
 * Builds a new index from Base C, brings it up to date, and moves the alias to it. Until then readers use the old index. The old
 * index stays up to date until its follower moves to the new one. The build first removes the indexes of interrupted builds.
 *
 * @returns the name of the new index
 * @throws AlreadyBuilding; the reason of `signal`; errors of Base C and of Elasticsearch
 */
export async function buildIndex(indexing: Indexing, options: BuildOptions = {}): Promise<string> {
  await indexing.source.check();
  return whileBuildingAlone(indexing.baseC, indexing.alias, (lock) => build(indexing, lock, options));
}

async function build(indexing: Indexing, lock: BuildLock, options: BuildOptions): Promise<string> {
  const { client, alias, source, cpfHash } = indexing;
  const { onProgress, onUnreadable } = options;
  const signal = AbortSignal.any(options.signal ? [options.signal, lock.lossSignal] : [lock.lossSignal]);
  const generations = indexGenerations(client, alias);
  const inUse = await generations.current();
  const keptIndexes = inUse === undefined ? [] : [inUse];
  await ensureStateIndex(client, alias);
  await generations.removeOthers(keptIndexes);
  await source.forgetOthers(keptIndexes);

  const index = newIndexName(alias, systemClock.now());
  await createMovimentacaoIndex(client, index, source.mode);
  const uuid = await indexUuidOf(client, index);
  // No reader uses the index yet. `gc_deletes` keeps the versions of deleted documents for an hour, so that a page that was read
  // before a removal cannot restore the document.
  await client.indices.putSettings({ index, settings: { refresh_interval: '-1', gc_deletes: '1h' } });
  const writer = indexWriter(client, index, cpfHash, { onUnreadable: async (postings) => onUnreadable?.(postings) });
  const { position, copy } = await source.begin(index);
  let rows = 0;
  const writeAll = async (pages: AsyncIterable<ChangePage>) => {
    for await (const page of writePages(pages, writer, source.isOrdered)) {
      signal.throwIfAborted();
      rows += page.rows;
      onProgress?.(rows);
      if (page.upToDateAt) return { position: page.position, upToDateAt: page.upToDateAt };
    }
    signal.throwIfAborted();
    return undefined;
  };
  await writeAll(copy(signal));
  const lastPage = await writeAll(source.follow(index, position, signal));
  if (!lastPage) throw new Error('following Base C ended before the index was up to date');

  await client.indices.putSettings({ index, settings: { refresh_interval: '1s' } });
  await refreshIndex(client, index);
  const state = {
    index,
    mode: source.mode,
    keyMark: keyMarkOf(cpfHash),
    position: lastPage.position,
    upToDateAt: lastPage.upToDateAt.toISOString(),
    unreadablePeople: [],
  };
  await writePosition(client, alias, state);
  if ((await indexUuidOf(client, index)) !== uuid) throw new Error(`${index} is not the index that this build created`);
  const hashes = await unreadablePeople(client, index);
  await lock.assertHeld();
  await generations.swap(index);
  await writeFollowed(client, alias, { ...state, unreadablePeople: hashes });
  return index;
}
