import { verifyMapProof } from '@pessoa/transparency-log/map/map-proofs';
import { EMPTY_LINK } from '@pessoa/transparency-log/map/person-chain';
import { canonicalRecord, entryOf } from '@pessoa/transparency-log/records/canonical-record';
import { isSameHash } from '@pessoa/transparency-log/tree/hashes';
import { ProofError } from '@pessoa/transparency-log/tree/verify-proofs';
import { type AnsweredPerson, type AnsweredRead, parsePerson } from './answered-person.ts';
import { verifyOwner } from './chained-record.ts';
import { readIndex, readMap } from './checkpoint-map.ts';
import { joinPages, type Page } from './person-pages.ts';
import { openCheckpoint, type TrustedCheckpoint, type TrustedKeys } from './trusted-checkpoint.ts';
import { reasonOf, VerificationError } from './verification-error.ts';

export interface VerifiedPerson {
  /** All reads of the person, in the order of their numbers. */
  readonly reads: readonly AnsweredRead[];
  /** The checkpoints of the pages, the newest last. */
  readonly checkpoints: readonly TrustedCheckpoint[];
}

/** The name of a file, for messages, and its content. */
export type NamedFile = readonly [file: string, content: string];

/**
 * Verifies answers of `GET /auditoria/pessoa/{cpf}`: that together they have every read of the person that the newest of their
 * checkpoints names, and that they do not contradict one another.
 *
 * @param files at least one; the pages of a list in any order, and of any checkpoints
 * @param cpf 11 digits
 * @throws VerificationError that says what is wrong first
 */
export function verifyPerson(files: readonly NamedFile[], keys: TrustedKeys, cpf: string): VerifiedPerson {
  return joinPages(files.map((file) => verifyPage(file, keys, cpf)));
}

function verifyPage([file, content]: NamedFile, keys: TrustedKeys, cpf: string): Page {
  const answer = parsePerson(content, file);
  const what = `the checkpoint of ${file}`;
  const checkpoint = openCheckpoint(answer.checkpoint, keys, what);
  const map = readMap(checkpoint, what);
  const index = readIndex(map, cpf, answer.indexProof, file);
  verifyCount(file, answer, index, map.root);
  for (const read of answer.reads) verifyRead(file, read, answer.count, index);
  return { file, checkpoint, count: answer.count, head: answer.head, reads: answer.reads };
}

/** Verifies that the map says the number of reads and the head that the page says. */
function verifyCount(file: string, answer: AnsweredPerson, index: Uint8Array, root: Uint8Array): void {
  const { count, head, other, siblings } = answer;
  if (count === 0 && !isSameHash(head, EMPTY_LINK)) {
    throw new VerificationError(`${file} says that there are no reads, and has the head of some.`);
  }
  try {
    verifyMapProof(index, root, { entry: count === 0 ? undefined : { index, count, head }, other, siblings });
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw new VerificationError(
      `The map of people does not say that this person has ${readsOf(count)}, as ${file} does: ${reasonOf(error)}.`,
    );
  }
}

function verifyRead(
  file: string,
  { number, entry, content, hiddenAs }: AnsweredRead,
  count: number,
  index: Uint8Array,
): void {
  if (number > count) {
    throw new VerificationError(`${file} has a read ${number}, and the map says that there are ${count}.`);
  }
  if (hiddenAs === 'REMOVIDO') {
    throw new VerificationError(`The record of read ${number} is gone, as ${file} says, and no erasure took it.`);
  }
  if (!content) return;
  const what = `The record of read ${number} in ${file}`;
  if (!isEntryOf(entry, content)) {
    throw new VerificationError(`${what} is not what its entry holds: its content, nonce or entry was changed.`);
  }
  const said = verifyOwner(content.record, index, what);
  if (said !== number) throw new VerificationError(`${what} says that it is read ${said}.`);
}

function isEntryOf(entry: Uint8Array, { record, nonce }: NonNullable<AnsweredRead['content']>): boolean {
  try {
    return isSameHash(entryOf(nonce, canonicalRecord(record)), entry);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

export const readsOf = (count: number): string =>
  count === 0 ? 'no reads' : count === 1 ? '1 read' : `${count} reads`;
