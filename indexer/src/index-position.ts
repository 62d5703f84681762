import type { Client } from '@elastic/elasticsearch';
import {
  forgetIndexState,
  type IndexState,
  readIndexState,
  readStateDocument,
  removeStateDocument,
  writeIndexState,
  writeStateDocument,
} from '@pessoa/search-index/index-state';

/**
 * How far an index is. Each index has a state document of its own beside that of the index in use: a build and the follower of
 * the index in use do not overwrite each other. A state of another version reads as absent, so that the index is built anew.
 */
export const readPosition = (client: Client, alias: string, index: string): Promise<IndexState | undefined> =>
  readStateDocument(client, alias, index);

/** For an index that the alias does not point at, so that nobody reads it yet. */
export const writePosition = (client: Client, alias: string, state: IndexState): Promise<void> =>
  writeStateDocument(client, alias, state.index, state);

/** For the index that the alias points at. Event's document comes second: it never says more than our own position. */
export async function writeFollowed(client: Client, alias: string, state: IndexState): Promise<void> {
  await writePosition(client, alias, state);
  await writeIndexState(client, alias, state);
}

/** Makes Event search Base C instead of this index. */
export async function withdrawFollowed(client: Client, alias: string, index: string): Promise<void> {
  const state = await readIndexState(client, alias);
  if (state?.index === index) await forgetIndexState(client, alias);
}

export const forgetPosition = (client: Client, alias: string, index: string): Promise<void> =>
  removeStateDocument(client, alias, index);
