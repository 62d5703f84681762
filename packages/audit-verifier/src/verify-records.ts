import { canonicalRecord, entryOf } from '@pessoa/transparency-log/records/canonical-record';
import { hashLeaf } from '@pessoa/transparency-log/tree/hashes';
import { ProofError, verifyInclusion } from '@pessoa/transparency-log/tree/verify-proofs';
import { type AnsweredRecord, type AnsweredRecords, parseAnswer } from './answered-records.ts';
import { verifyOwner } from './chained-record.ts';
import { readIndex, readMap } from './checkpoint-map.ts';
import { openCheckpoint, type TrustedCheckpoint, type TrustedKeys } from './trusted-checkpoint.ts';
import { reasonOf, VerificationError } from './verification-error.ts';

/** With at least one record. */
export interface VerifiedAnswer extends AnsweredRecords {
  /** The checkpoints of their proofs, each once. */
  readonly checkpoints: readonly TrustedCheckpoint[];
}

/**
 * Verifies an answer of `GET /auditoria/provas/{interaction}`, or one of the graph with `prova`: that each record is in the tree of the checkpoint
 * of its proof, at its place and with its content, and that the graph shows of it what it says.
 *
 * @param interaction the id that every record must have; default: any
 * @param cpf whose every record must be, 11 digits; default: anybody's
 * @throws VerificationError that names the first place where something is wrong, and for an answer without records
 */
export function verifyAnswer(json: string, keys: TrustedKeys, interaction?: string, cpf?: string): VerifiedAnswer {
  const { records, withoutProof } = parseAnswer(json);
  if (records.length === 0) throw new VerificationError('The answer has no records, so it proves nothing.');
  const checkpoints = new Map<string, TrustedCheckpoint>();
  for (const answered of records) {
    const { checkpoint: note, index, record } = answered;
    const checkpoint = checkpoints.get(note) ?? openCheckpoint(note, keys, `the checkpoint of place ${index}`);
    checkpoints.set(note, checkpoint);
    verifyRecord(answered, checkpoint);
    verifyShown(answered);
    if (interaction !== undefined && record['interacao'] !== interaction) {
      throw new VerificationError(`The record of place ${index} is of another interaction than ${interaction}.`);
    }
    if (cpf !== undefined) verifyPersonOf(answered, checkpoint, cpf);
  }
  return { records, withoutProof, checkpoints: [...checkpoints.values()] };
}

function verifyRecord(answered: AnsweredRecord, { size, root }: TrustedCheckpoint): void {
  const { index, inclusion: proof } = answered;
  const leafHash = leafHashOf(answered);
  if (index < 0 || index >= size) {
    throw new VerificationError(`The checkpoint of place ${index} has ${size} places, and none of this number.`);
  }
  try {
    verifyInclusion({ leafHash, index, size, proof, root });
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw new VerificationError(
      `The record of place ${index} is not what the tree holds: its content, nonce or proof was changed.`,
    );
  }
}

function verifyShown({ index, record, shown = {} }: AnsweredRecord): void {
  for (const [name, value] of Object.entries(shown)) {
    if (record[name] !== value) throw new VerificationError(`The answer shows another "${name}" than the record of place ${index} has.`); // prettier-ignore
  }
}

/** Verifies that a record is of the person with this CPF, under the map of the checkpoint of its proof. */
function verifyPersonOf(
  { index, record, indexProof }: AnsweredRecord,
  checkpoint: TrustedCheckpoint,
  cpf: string,
): void {
  const what = `The record of place ${index}`;
  const map = readMap(checkpoint, `the checkpoint of place ${index}`);
  if (!indexProof) throw new VerificationError(`${what} comes without the proof "pessoa" of whose it is.`);
  verifyOwner(record, readIndex(map, cpf, indexProof, what), what);
}

function leafHashOf({ record, nonce, index }: AnsweredRecord): Uint8Array {
  try {
    return hashLeaf(entryOf(nonce, canonicalRecord(record)));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new VerificationError(`The record of place ${index} is none that a log could hold: ${reasonOf(error)}.`);
  }
}
