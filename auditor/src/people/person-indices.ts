import type { Cpf } from '@pessoa/domain/cpf';
import type { ClientBase } from 'pg';
import type { IndicesOf } from './index-threads.ts';

/** People whose index is computed for one batch. Four threads need about a third of a second for them. */
export const NEW_PEOPLE_MAX = 1_024;
/** So many are computed before the time is looked at. */
const TOGETHER = 32;
/** The time for them on a machine that is busy: a leader that is silent for two seconds loses the lead. */
const NEW_PEOPLE_MILLIS = 500;

/** The index of each person in the map, by the keyed hash. */
export interface PersonIndices {
  readonly known: ReadonlyMap<string, Uint8Array>;
  /** Those that are not stored yet. */
  readonly added: ReadonlyMap<string, Uint8Array>;
}

/**
 * Finds the indices of people: the stored ones, and computes those of others, 32 at least, at most `NEW_PEOPLE_MAX`, and as many as half a
 * second allows. The rest is in neither map.
 *
 * @param people by their hashes, in the order in which they are wanted
 */
export async function findIndices(
  db: ClientBase,
  people: ReadonlyMap<string, Cpf>,
  indicesOf: IndicesOf,
): Promise<PersonIndices> {
  const { rows } = await db.query<{ cpf_hash: string; person_index: Buffer }>(
    'SELECT cpf_hash, person_index FROM transparency.person WHERE cpf_hash = ANY ($1::bpchar[])',
    [[...people.keys()]],
  );
  const known = new Map<string, Uint8Array>(rows.map((row) => [row.cpf_hash, row.person_index]));
  const added = new Map<string, Uint8Array>();
  const missing = [...people].filter(([hash]) => !known.has(hash)).slice(0, NEW_PEOPLE_MAX);
  const endAt = performance.now() + NEW_PEOPLE_MILLIS;
  while (added.size < missing.length && (added.size === 0 || performance.now() < endAt)) {
    const next = missing.slice(added.size, added.size + TOGETHER);
    const indices = await indicesOf(next.map(([, cpf]) => cpf));
    for (const [at, [hash]] of next.entries()) added.set(hash, indices[at]!);
  }
  return { known, added };
}

/** Stores indices. Each person has one for ever. */
export async function storeIndices(db: ClientBase, added: ReadonlyMap<string, Uint8Array>): Promise<void> {
  if (added.size === 0) return;
  await db.query(
    'INSERT INTO transparency.person (cpf_hash, person_index) SELECT * FROM unnest($1::bpchar[], $2::bytea[])',
    [[...added.keys()], [...added.values()]],
  );
}
