import type { Client } from '@elastic/elasticsearch';
import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { z } from 'zod';
import { isStatus } from './elasticsearch-error.ts';

/** What the follower of Base C says of itself, in an index of its own. */
export const IndexState = z.object({
  /** The index, by its own name, that it keeps up to date. */
  indice: z.string(),
  modo: z.enum(['keyset', 'logical']),
  /** Of the key that people are found by in it (`keyMarkOf`). */
  chave: z.string(),
  /** How far it is, in the words of its mode. */
  posicao: z.string(),
  /** An instant: all that Base C had committed before it can be found. RFC 3339. */
  emDiaEm: z.iso.datetime(),
  /** Keyed hashes of people with a posting that the index cannot hold; over `UNREADABLE_PEOPLE_MAX` of them: too many to name. */
  ilegiveis: z.array(z.string()).readonly().default([]),
});
export type IndexState = z.infer<typeof IndexState>;

/**
 * Tells one CPF_HASH_KEY from another, and nothing else of it: the keyed hash of what is no CPF. Under another key an index finds
 * nobody, which would look like people without postings.
 */
export const keyMarkOf = (cpfHash: CpfHash): string => cpfHash('index of postings' as Cpf);

/** With more, something is wrong with Base C as a whole, and the index is not searched. */
export const UNREADABLE_PEOPLE_MAX = 1_000;

const DOCUMENT = 'follower';

export const stateIndexOf = (alias: string): string => `${alias}-state`;

/** @throws errors of the client for anything but an absent state; a ZodError for one that is not ours */
export async function readIndexState(client: Client, alias: string): Promise<IndexState | undefined> {
  try {
    // By id, so as it was last written, refreshed or not.
    const { _source } = await client.get({ index: stateIndexOf(alias), id: DOCUMENT });
    return IndexState.parse(_source);
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/** Writes it whole; the index must be there (`ensureStateIndex`). */
export async function writeIndexState(client: Client, alias: string, state: IndexState): Promise<void> {
  await client.index({ index: stateIndexOf(alias), id: DOCUMENT, document: state });
}

/** Nothing is known of any index then, and none is searched. */
export async function forgetIndexState(client: Client, alias: string): Promise<void> {
  await client.delete({ index: stateIndexOf(alias), id: DOCUMENT }, { ignore: [404] });
}

const properties = {
  indice: { type: 'keyword' },
  modo: { type: 'keyword' },
  chave: { type: 'keyword' },
  posicao: { type: 'keyword', index: false, doc_values: false },
  emDiaEm: { type: 'date' },
  ilegiveis: { type: 'keyword', index: false, doc_values: false },
} as const;

/** Makes the state's index unless it is there. */
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
    await client.indices.putMapping({ index, properties }); // one that an older version made
  }
}
