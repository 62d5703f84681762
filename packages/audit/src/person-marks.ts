import type { Cpf } from '@pessoa/domain/cpf';
import { cpfCipher } from '@pessoa/domain/cpf-cipher';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { remembered } from '@pessoa/domain/remembered';

/** What a record of the audit has in place of the CPF. Neither tells anything to those who have not `CPF_HASH_KEY`. */
export interface PersonMarks {
  /** By it the records of a person are found. */
  readonly cpfHash: string;
  /** The encrypted CPF, 32 hex digits: the auditor makes the person's index in the map from it. Undefined: only the hash is known. */
  readonly cpfCifrado: string | undefined;
}

/** The marks of a record that is about no person, such as that of an erasure. */
export const NOBODY: PersonMarks = { cpfHash: '0'.repeat(32), cpfCifrado: undefined };

/** Makes both marks of a person with one key, so that they cannot be of two people or of two keys. */
export type MarkPerson = (cpf: Cpf) => PersonMarks;

/**
 * @param key `CPF_HASH_KEY`, at least 32 bytes
 * @throws RangeError for a shorter key
 */
export function personMarker(key: Uint8Array): MarkPerson {
  const cpfHash = cpfHasher(key);
  const { encrypt } = cpfCipher(key);
  return remembered((cpf) => ({ cpfHash: cpfHash(cpf), cpfCifrado: encrypt(cpf) }));
}
