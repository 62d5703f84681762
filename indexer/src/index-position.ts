import type { Client } from '@elastic/elasticsearch';
import { isStatus } from '@pessoa/search-index/elasticsearch-error';
import {
  forgetIndexState,
  IndexState,
  readIndexState,
  stateIndexOf,
  writeIndexState,
} from '@pessoa/search-index/index-state';

/**
 * How far an index is. Each has a document of its own beside the follower's: the one that is being built and the one that
 * is followed do not know of each other.
 */
export async function readPosition(client: Client, alias: string, indice: string): Promise<IndexState | undefined> {
  try {
    const { _source } = await client.get({ index: stateIndexOf(alias), id: indice });
    return IndexState.parse(_source);
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/** Of an index that the alias does not point at, so that nobody reads it yet. */
export async function writePosition(client: Client, alias: string, state: IndexState): Promise<void> {
  await client.index({ index: stateIndexOf(alias), id: state.indice, document: state });
}

/** Of the index that the alias points at: what Event goes by follows what we go on from. */
export async function writeFollowed(client: Client, alias: string, state: IndexState): Promise<void> {
  await writePosition(client, alias, state);
  await writeIndexState(client, alias, state);
}

/** Nobody searches the index any more: Event goes by what its follower says, which is nothing. */
export async function withdrawFollowed(client: Client, alias: string, indice: string): Promise<void> {
  const state = await readIndexState(client, alias);
  if (state?.indice === indice) await forgetIndexState(client, alias);
}

export async function forgetPosition(client: Client, alias: string, indice: string): Promise<void> {
  await client.delete({ index: stateIndexOf(alias), id: indice }, { ignore: [404] });
}
