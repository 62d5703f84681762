import type { Client } from '@elastic/elasticsearch';
import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { z } from 'zod';
import { isStatus } from './elasticsearch-error.ts';

/** Goes up whenever the stored state changes shape: a state of another version reads as absent. */
const STATE_VERSION = 2;

/** How far an index of postings is, as its indexer stores it. */
const IndexState = z.object({
  /** Name of the index, not its alias. */
  index: z.string(),
  mode: z.enum(['keyset', 'logical']),
  /** Mark of the CPF_HASH_KEY that the index was built with (`keyMarkOf`). */
  keyMark: z.string(),
  /** Position in the changes of Base C, in the format of `mode`. */
  position: z.string(),
  /** An instant, RFC 3339: the index has everything that Base C had committed before it. */
  upToDateAt: z.iso.datetime(),
  /** Keyed hashes of the people with a posting that the index cannot hold. More than `UNREADABLE_PEOPLE_MAX`: the list is cut off. */
  unreadablePeople: z.array(z.string()).readonly(),
});
export type IndexState = z.infer<typeof IndexState>;

/**
 * Tells one CPF_HASH_KEY from another without revealing it: the keyed hash of a constant that is not a CPF. An index that was built
 * with another key finds nobody, which would look like people without postings.
 */
export const keyMarkOf = (cpfHash: CpfHash): string => cpfHash('index of postings' as Cpf);

/** With more unreadable people than this, Base C as a whole has a problem, and nobody searches the index. */
export const UNREADABLE_PEOPLE_MAX = 1_000;

/** Document of the index that is in use: Event decides by it. Every other document of a state index is called after its index. */
const IN_USE = 'follower';

export const stateIndexOf = (alias: string): string => `${alias}-state`;

/**
 * Reads the state of the index in use.
 *
 * @returns undefined where there is none, or one of another version of Pessoa
 * @throws errors of the client; a ZodError for a document of this version that lacks a field
 */
export const readIndexState = (client: Client, alias: string): Promise<IndexState | undefined> =>
  readStateDocument(client, alias, IN_USE);

/** Replaces the state of the index in use. Needs `ensureStateIndex` before. */
export const writeIndexState = (client: Client, alias: string, state: IndexState): Promise<void> =>
  writeStateDocument(client, alias, IN_USE, state);

/** Removes the state of the index in use: Event then searches Base C. */
export const forgetIndexState = (client: Client, alias: string): Promise<void> =>
  removeStateDocument(client, alias, IN_USE);

/** Like `readIndexState`, for any document of the state index. */
export async function readStateDocument(client: Client, alias: string, id: string): Promise<IndexState | undefined> {
  try {
    // A read by id does not wait for a refresh.
    const { _source: document } = await client.get<{ version?: unknown }>({ index: stateIndexOf(alias), id });
    return document?.version === STATE_VERSION ? IndexState.parse(document) : undefined;
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

export async function writeStateDocument(client: Client, alias: string, id: string, state: IndexState): Promise<void> {
  await client.index({ index: stateIndexOf(alias), id, document: { version: STATE_VERSION, ...state } });
}

export async function removeStateDocument(client: Client, alias: string, id: string): Promise<void> {
  await client.delete({ index: stateIndexOf(alias), id }, { ignore: [404] });
}

const properties = {
  version: { type: 'integer', index: false, doc_values: false },
  index: { type: 'keyword' },
  mode: { type: 'keyword' },
  keyMark: { type: 'keyword' },
  position: { type: 'keyword', index: false, doc_values: false },
  upToDateAt: { type: 'date' },
  unreadablePeople: { type: 'keyword', index: false, doc_values: false },
} as const;

/** Creates the state index, or adds the fields of this version to one that an older version created. */
export async function ensureStateIndex(client: Client, alias: string): Promise<void> {
  const index = stateIndexOf(alias);
  try {
    await client.indices.create({
      index,
      settings: { number_of_shards: 1, auto_expand_replicas: '0-1' },
      mappings: { dynamic: 'strict', properties },
    });
  } catch (error) {
    if (!isStatus(error, 400) || !/resource_already_exists/.test((error as Error).message)) throw error;
    await client.indices.putMapping({ index, properties });
  }
}
