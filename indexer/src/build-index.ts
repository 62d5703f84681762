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
  /** Rows written so far; of a row that changes meanwhile, each change counts. */
  readonly onProgress?: (rows: number) => void;
  /** Postings that the index cannot hold: their people are searched in Base C. */
  readonly onUnreadable?: (postings: readonly UnreadablePosting[]) => void;
}

/**
 * Builds an index from Base C beside the one in use, brings it up to date, and puts the alias on it. Readers go on with the
 * old one until then; that one stays, and up to date, until its follower has moved over. What an interrupted build has left
 * is removed by the next.
 *
 * @returns the name of the new index
 * @throws AlreadyBuilding; the reason of `signal` when that is given up; errors of Base C and of Elasticsearch
 */
export async function buildIndex(indexing: Indexing, options: BuildOptions = {}): Promise<string> {
  await indexing.source.check();
  return whileBuildingAlone(indexing.baseC, indexing.alias, (lock) => build(indexing, lock, options));
}

async function build(indexing: Indexing, lock: BuildLock, options: BuildOptions): Promise<string> {
  const { client, alias, source, cpfHash } = indexing;
  const { onProgress, onUnreadable } = options;
  const signal = AbortSignal.any(options.signal ? [options.signal, lock.lost] : [lock.lost]);
  const generations = indexGenerations(client, alias);
  const inUse = await generations.current();
  const kept = inUse === undefined ? [] : [inUse];
  await ensureStateIndex(client, alias);
  await generations.removeOthers(kept);
  await source.forgetOthers(kept);

  const indice = newIndexName(alias, systemClock.now());
  await createMovimentacaoIndex(client, indice, source.modo);
  const uuid = await indexUuidOf(client, indice);
  // Nobody reads it yet, and what is removed while it is built must not come back by a page read before.
  await client.indices.putSettings({ index: indice, settings: { refresh_interval: '-1', gc_deletes: '1h' } });
  const writer = indexWriter(client, indice, cpfHash, { onUnreadable: async (postings) => onUnreadable?.(postings) });
  const { posicao, copy } = await source.begin(indice);
  let rows = 0;
  const written = async (pages: AsyncIterable<ChangePage>) => {
    for await (const page of writePages(pages, writer, source.isOrdered)) {
      signal.throwIfAborted();
      rows += page.rows;
      onProgress?.(rows);
      if (page.emDia) return { posicao: page.posicao, emDia: page.emDia };
    }
    signal.throwIfAborted();
    return undefined;
  };
  await written(copy(signal));
  const reached = await written(source.follow(indice, posicao, signal));
  if (!reached) throw new Error('following Base C ended before the index was up to date');

  await client.indices.putSettings({ index: indice, settings: { refresh_interval: '1s' } });
  await refreshIndex(client, indice);
  const state = {
    index: indice,
    mode: source.modo,
    keyMark: keyMarkOf(cpfHash),
    position: reached.posicao,
    upToDateAt: reached.emDia.toISOString(),
    unreadablePeople: [],
  };
  await writePosition(client, alias, state);
  if ((await indexUuidOf(client, indice)) !== uuid) throw new Error(`${indice} is not the one that was made`);
  const hashes = await unreadablePeople(client, indice);
  await lock.assertHeld();
  await generations.swap(indice);
  await writeFollowed(client, alias, { ...state, unreadablePeople: hashes });
  return indice;
}
