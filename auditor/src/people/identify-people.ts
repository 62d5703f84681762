import type { RecordRow } from '@pessoa/audit/record-row';
import type { Cpf } from '@pessoa/domain/cpf';
import type { ClientBase } from 'pg';
import type { IdentifiedRow } from './chain-records.ts';
import type { IndicesOf } from './index-threads.ts';
import { findIndices } from './person-indices.ts';
import type { PersonKeys } from './person-keys.ts';

/** The rows of a batch, as far as the indices of their people are known. */
export interface IdentifiedRows {
  /** As many of the given rows, from the first, as have not too many new people. */
  readonly rows: readonly IdentifiedRow[];
  /** Indices that are to be stored, by the hash of the person. */
  readonly added: ReadonlyMap<string, Uint8Array>;
}

/** Finds out whose each record is. A record whose CPF is missing, or is not that of its hash, is nobody's. */
export async function identifyPeople(
  db: ClientBase,
  rows: readonly RecordRow[],
  keys: PersonKeys,
  indicesOf: IndicesOf,
): Promise<IdentifiedRows> {
  const people = new Map<string, Cpf>();
  const ofPeople = rows.map((row) => {
    const cpf = keys.cpfOf(row);
    if (cpf) people.set(row.cpf_hash, cpf);
    return { row, isKnown: cpf !== undefined };
  });
  const { known, added } = await findIndices(db, people, indicesOf);
  const identified = ofPeople.map(({ row, isKnown }) => {
    const index = isKnown ? (known.get(row.cpf_hash) ?? added.get(row.cpf_hash)) : undefined;
    return { row, index, mustWait: isKnown && !index };
  });
  const end = identified.findIndex(({ mustWait }) => mustWait);
  return { rows: end < 0 ? identified : identified.slice(0, end), added };
}

/**
 * Whether it is right that a record is in no chain: it is from before people were known, an auditor's question about a person of whom
 * nothing but the hash is known, or an erasure, which is about nobody.
 *
 * @param hasChains whether a record has got its place in a chain
 */
export const mayBeUnchained = ({ row }: IdentifiedRow, hasChains: boolean): boolean =>
  row.cpf_cifrado === null && (!hasChains || row.servico === 'auditoria');
