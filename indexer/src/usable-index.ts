import { type IndexState, keyMarkOf } from '@pessoa/search-index/index-state';
import { followModeOf, isOfThisMapping } from '@pessoa/search-index/movimentacao-index';
import { ConfigError } from '@pessoa/service/config/environment';
import type { Indexing } from './build-index.ts';
import { indexGenerations } from './index-generations.ts';
import { readPosition } from './index-position.ts';

/** The state of the index behind the alias; undefined if its mapping, mode or key differs from ours, or if it has no state. */
export async function usableIndex(indexing: Indexing): Promise<IndexState | undefined> {
  const index = await indexGenerations(indexing.client, indexing.alias).current();
  if (index === undefined) return undefined;
  const state = await stateOf(indexing, index);
  return typeof state === 'string' ? undefined : state;
}

/**
 * The state of an index.
 *
 * @throws ConfigError when its mapping, mode or key differs from ours, or when it has no state: we must not write to it
 */
export async function ourIndex(indexing: Indexing, index: string): Promise<IndexState> {
  const state = await stateOf(indexing, index);
  if (typeof state === 'string') throw new ConfigError(`${index} ${state}: npm run index builds another`);
  return state;
}

/** @returns the state, or why the index is not usable, as words that follow its name */
async function stateOf({ client, alias, source, cpfHash }: Indexing, index: string): Promise<IndexState | string> {
  if (!isOfThisMapping(alias, index)) return 'is of another mapping than ours';
  const mode = await followModeOf(client, index);
  if (mode !== source.mode) return `follows by ${mode ?? 'nothing we know'}, and INDEXER_FOLLOW is ${source.mode}`;
  const state = await readPosition(client, alias, index);
  if (!state) return 'does not say how far it is';
  return state.keyMark === keyMarkOf(cpfHash) ? state : 'is under another CPF_HASH_KEY than ours';
}
