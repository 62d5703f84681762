import { encodeBase64 } from '@pessoa/transparency-log/notes/base64';
import type { FlatRecord } from '@pessoa/transparency-log/records/canonical-record';
import { VerificationError } from './verification-error.ts';

/** The versions of records that say whose they are and which number they have; version 3 is of a sealed read. Older ones are in no chain. */
const CHAINED: ReadonlySet<unknown> = new Set([2, 3]);

/** Whether the read of a record was sealed when it was made. */
export const isSealed = ({ versao }: FlatRecord): boolean => versao === 3;

/**
 * Verifies that a record says itself that it is of this person.
 *
 * @param what the record in messages, such as "The record of place 3"
 * @returns its number among the reads of the person
 * @throws VerificationError
 */
export function verifyOwner(record: FlatRecord, index: Uint8Array, what: string): number {
  const { versao, indicePessoa, numero } = record;
  if (!CHAINED.has(versao)) throw new VerificationError(`${what} is older than the map of people: no list has it.`);
  if (indicePessoa !== encodeBase64(index)) throw new VerificationError(`${what} is of another person.`);
  if (!Number.isSafeInteger(numero))
    throw new VerificationError(`${what} has no number among the reads of its person.`);
  return numero as number;
}
