import { type CheckpointMap, mapOf } from '@pessoa/transparency-log/checkpoints/map-extension';
import { verifyPersonIndex } from '@pessoa/transparency-log/map/person-index';
import { NoteError } from '@pessoa/transparency-log/notes/signed-note';
import { isSameHash } from '@pessoa/transparency-log/tree/hashes';
import { ProofError } from '@pessoa/transparency-log/tree/verify-proofs';
import type { TrustedCheckpoint } from './trusted-checkpoint.ts';
import { reasonOf, VerificationError } from './verification-error.ts';

/**
 * The map of people that a checkpoint names.
 *
 * @param what the checkpoint in messages
 * @throws VerificationError also when it names none
 */
export function readMap(checkpoint: TrustedCheckpoint, what: string): CheckpointMap {
  const map = mapIn(checkpoint, what);
  if (!map)
    throw new VerificationError(`There is no map of people in ${what}, so it does not show which reads a person has.`);
  return map;
}

/** A checkpoint, and what it is in messages, such as "the checkpoint kept from before". */
export type NamedCheckpoint = readonly [what: string, checkpoint: TrustedCheckpoint];

/**
 * Verifies that the map of a checkpoint can be that of an earlier one, with more reads: it is under the same key, and the same where
 * the tree is. That nobody lost a read is seen in the reads of a person alone.
 *
 * @throws VerificationError
 */
export function verifyMapContinues([older, before]: NamedCheckpoint, [newer, after]: NamedCheckpoint): void {
  const had = mapIn(before, older);
  const has = mapIn(after, newer);
  if (!had) return;
  if (!has) throw new VerificationError(`The map of people is gone: ${older} has one, and ${newer} has none.`);
  if (!isSameHash(had.vrfPublicKey, has.vrfPublicKey)) {
    throw new VerificationError(
      `The map of people has two keys, one in ${older} and one in ${newer}: a person has a list under each.`,
    );
  }
  if (before.size === after.size && !isSameHash(had.root, has.root)) {
    throw new VerificationError(
      `The log has two maps of people: ${older} and ${newer} have different ones at ${after.size} places.`,
    );
  }
}

function mapIn(checkpoint: TrustedCheckpoint, what: string): CheckpointMap | undefined {
  try {
    return mapOf(checkpoint);
  } catch (error) {
    if (error instanceof NoteError) throw new VerificationError(`No trust in ${what}: ${reasonOf(error)}.`);
    throw error;
  }
}

/**
 * The index of a person, by its proof.
 *
 * @param what has the proof, in messages
 * @throws VerificationError
 */
export function readIndex({ vrfPublicKey }: CheckpointMap, cpf: string, proof: Uint8Array, what: string): Uint8Array {
  try {
    return verifyPersonIndex(vrfPublicKey, cpf, proof);
  } catch (error) {
    if (error instanceof ProofError) throw new VerificationError(`${what} is not of this person: ${reasonOf(error)}.`);
    throw error;
  }
}
