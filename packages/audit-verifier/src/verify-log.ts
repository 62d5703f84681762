import { isSameHash } from '@pessoa/transparency-log/tree/hashes';
import { consistencyProof, treeRoot } from '@pessoa/transparency-log/tree/tree-proofs';
import { type ConsistencyClaim, ProofError, verifyConsistency } from '@pessoa/transparency-log/tree/verify-proofs';
import { type NamedCheckpoint, verifyMapContinues } from './checkpoint-map.ts';
import type { PublishedLog } from './published-log.ts';
import type { TrustedCheckpoint } from './trusted-checkpoint.ts';
import { VerificationError } from './verification-error.ts';

/**
 * Verifies that the right edge of the published tiles gives the root of a checkpoint.
 *
 * @throws VerificationError
 */
export async function verifyRoot({ size, root }: TrustedCheckpoint, log: PublishedLog): Promise<void> {
  if (!isSameHash(await treeRoot(size, log.readTiles), root)) throw changedTile(size);
}

/**
 * Verifies that the log only grew between two checkpoints, by a consistency proof of the published tiles, and that its map of people is
 * under the same key.
 *
 * @throws VerificationError
 */
export async function verifyContinues(
  before: NamedCheckpoint,
  after: NamedCheckpoint,
  log: PublishedLog,
): Promise<void> {
  const [older, { size: oldSize, root: oldRoot }] = before;
  const [newer, { size: newSize, root: newRoot }] = after;
  if (oldSize > newSize) {
    throw new VerificationError(`The log was cut: ${older} has ${oldSize} places, and ${newer} has ${newSize}.`);
  }
  const proof = await consistencyProof(oldSize, newSize, log.readTiles);
  if (isConsistent({ oldSize, oldRoot, newSize, newRoot, proof })) return verifyMapContinues(before, after);
  // Tiles that lead to the new root are right, so the old checkpoint is of another history. Others prove nothing.
  const publishedRoot = await treeRoot(oldSize, log.readTiles, newSize);
  if (!isConsistent({ oldSize, oldRoot: publishedRoot, newSize, newRoot, proof })) throw changedTile(newSize);
  throw new VerificationError(
    `The log has two histories: ${newer} of ${newSize} places does not continue ${older} of ${oldSize}.`,
  );
}

function isConsistent(claim: ConsistencyClaim): boolean {
  try {
    verifyConsistency(claim);
    return true;
  } catch (error) {
    if (error instanceof ProofError) return false;
    throw error;
  }
}

const changedTile = (size: number): VerificationError =>
  new VerificationError(
    `The published tiles do not give the root of the checkpoint of ${size} places: a tile was changed.`,
  );
