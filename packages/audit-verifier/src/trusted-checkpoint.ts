import { type Checkpoint, parseCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { cosignatureVerifier } from '@pessoa/transparency-log/checkpoints/cosignature';
import {
  ed25519Verifier,
  NoteError,
  type NoteVerifier,
  openNote,
  type OpenedNote,
} from '@pessoa/transparency-log/notes/signed-note';
import { reasonOf, VerificationError } from './verification-error.ts';

/** Whom a verifier trusts. */
export interface TrustedKeys {
  readonly log: NoteVerifier;
  readonly witnesses: readonly NoteVerifier[];
  /** The number of witnesses that must have cosigned a checkpoint. */
  readonly quorum: number;
}

export interface TrustedCheckpoint extends Checkpoint {
  /** The whole note, as it was read. */
  readonly note: string;
  /** The names of the witnesses that cosigned it. */
  readonly cosigners: readonly string[];
}

/**
 * @param key verifier key of the log, `name+id+base64`
 * @param witnesses verifier keys of witnesses
 * @param quorum default: all of them
 * @throws NoteError for a text that is no such key, and for a witness that is given twice
 */
export function trustedKeys(key: string, witnesses: readonly string[], quorum = witnesses.length): TrustedKeys {
  if (new Set(witnesses).size < witnesses.length) throw new NoteError('A witness is given twice.');
  if (!Number.isInteger(quorum) || quorum < 0 || quorum > witnesses.length) {
    throw new NoteError(`The quorum is a number from 0 to ${witnesses.length}, the number of witnesses.`);
  }
  return { log: ed25519Verifier(key), witnesses: witnesses.map(cosignatureVerifier), quorum };
}

/**
 * Verifies the signatures of a checkpoint: that of the log, and those of as many witnesses as the quorum.
 *
 * @param what the checkpoint in messages, such as "the present checkpoint"
 * @throws VerificationError
 */
export function openCheckpoint(note: string | Uint8Array, keys: TrustedKeys, what: string): TrustedCheckpoint {
  const { checkpoint, signatures } = readCheckpoint(note, keys, what);
  const isBy = ({ name, keyId }: NoteVerifier): boolean =>
    signatures.some((signature) => signature.name === name && signature.keyId === keyId);
  const { name } = keys.log;
  if (!isBy(keys.log)) throw new VerificationError(`The log's key ${name} did not sign ${what}.`);
  if (checkpoint.origin !== name) {
    throw new VerificationError(`The log's key is that of ${name}, and ${what} is of the log ${checkpoint.origin}.`);
  }
  const cosigners = keys.witnesses.filter(isBy).map((witness) => witness.name);
  if (cosigners.length < keys.quorum) {
    throw new VerificationError(
      `Only ${cosigners.length} of the ${keys.witnesses.length} witnesses cosigned ${what}, and ${keys.quorum} must.`,
    );
  }
  return { ...checkpoint, note: typeof note === 'string' ? note : Buffer.from(note).toString(), cosigners };
}

function readCheckpoint(
  note: string | Uint8Array,
  { log, witnesses }: TrustedKeys,
  what: string,
): Pick<OpenedNote, 'signatures'> & { readonly checkpoint: Checkpoint } {
  try {
    const { text, signatures } = openNote(note, [log, ...witnesses]);
    return { checkpoint: parseCheckpoint(text), signatures };
  } catch (error) {
    if (error instanceof NoteError) throw new VerificationError(`No trust in ${what}: ${reasonOf(error)}.`);
    throw error;
  }
}
