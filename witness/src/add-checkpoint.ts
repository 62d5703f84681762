import { parseCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import {
  NoteError,
  type NoteSigner,
  type NoteVerifier,
  openNote,
  signatureLines,
  UntrustedNoteError,
} from '@pessoa/transparency-log/notes/signed-note';
import { isSameHash } from '@pessoa/transparency-log/tree/hashes';
import { ProofError, verifyConsistency } from '@pessoa/transparency-log/tree/verify-proofs';
import { type CheckpointRequest, MalformedRequest, parseCheckpointRequest } from './checkpoint-request.ts';
import { inTurn } from './in-turn.ts';
import type { SignedStates } from './signed-states.ts';

/** The answer to a log, by HTTP status. */
export type Answer =
  | { readonly status: 200; readonly cosignatures: string }
  /** What this witness cosigned last is not the old tree of the request. */
  | { readonly status: 409; readonly size: number; readonly reason: string; readonly isContradiction?: boolean }
  | { readonly status: 400 | 403 | 404 | 422; readonly reason: string };

export interface WitnessParts {
  /** The keys of each log, by its origin. */
  readonly logs: ReadonlyMap<string, readonly NoteVerifier[]>;
  readonly signer: NoteSigner;
  readonly states: SignedStates;
}

/**
 * Makes the call `add-checkpoint` of C2SP tlog-witness: it cosigns a checkpoint that is signed by its log and continues the one
 * that was cosigned before. The new state is on the disk before the cosignature exists.
 *
 * @returns a function of the body of a request. Requests of one log wait for each other
 */
export function addCheckpoint({ logs, signer, states }: WitnessParts): (body: Uint8Array) => Promise<Answer> {
  const turns = inTurn();
  return async (body) => {
    try {
      const request = parseCheckpointRequest(body);
      const { note } = request;
      const origin = note.slice(0, note.indexOf('\n'));
      const keys = logs.get(origin);
      if (!keys) return { status: 404, reason: 'This witness does not know the log.' };
      const { text } = openNote(note, keys);
      return await turns(origin, () => cosign(request, text));
    } catch (error) {
      const status = statusOf(error);
      if (status) return { status, reason: (error as Error).message };
      throw error;
    }
  };

  async function cosign({ oldSize, proof, note }: CheckpointRequest, text: string): Promise<Answer> {
    const { origin, size, root, extensions } = parseCheckpoint(text);
    if (oldSize > size) return { status: 400, reason: `The old size ${oldSize} is above that of the checkpoint.` };
    const signed = await states.read(origin);
    if (oldSize !== signed.size) {
      return {
        status: 409,
        size: signed.size,
        reason: `The old size is ${oldSize}, and ${signed.size} of ${origin} was cosigned.`,
      };
    }
    if (size === signed.size && size > 0 && !(isSameHash(root, signed.root) && isSame(extensions, signed.extensions))) {
      await states.keepContradiction(origin, note);
      return { status: 409, size, reason: `Another checkpoint of the tree of ${size} leaves of ${origin} was cosigned.`, isContradiction: true }; // prettier-ignore
    }
    verifyConsistency({ oldSize, oldRoot: signed.root, newSize: size, newRoot: root, proof });
    if (size > signed.size) await states.write(origin, { size, root }, note);
    return { status: 200, cosignatures: signatureLines(text, [signer]) };
  }
}

const isSame = (lines: readonly string[], others: readonly string[]): boolean => lines.join('\n') === others.join('\n');

function statusOf(error: unknown): 400 | 403 | 422 | undefined {
  if (error instanceof UntrustedNoteError) return 403;
  if (error instanceof NoteError || error instanceof MalformedRequest) return 400;
  if (error instanceof ProofError) return 422;
  return undefined;
}
