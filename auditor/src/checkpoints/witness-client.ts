import { readBounded } from '@pessoa/service/http/read-bounded';
import type { NoteVerifier } from '@pessoa/transparency-log/notes/signed-note';
import { openNote } from '@pessoa/transparency-log/notes/signed-note';
import { request } from 'undici';
import { ContradictionError } from '../contradiction-error.ts';

/** A witness that cosigns checkpoints which extend what it has seen (C2SP tlog-witness). */
export interface Witness {
  readonly url: string;
  readonly verifier: NoteVerifier;
}

/** The proof that a tree extends the one of a smaller size. */
export type ProveSince = (oldSize: number) => Promise<readonly Uint8Array[]>;

/** Less than the silence after which PostgreSQL ends the session of the leader, which waits meanwhile. */
const MILLIS = 1_000;
const BODY_MAX_BYTES = 16_384;

/** Submits checkpoints to one witness, one at a time, and remembers how far that has come. */
export interface WitnessClient {
  /**
   * @param note the checkpoint, signed by the log
   * @returns the signature lines of the witness
   * @throws ContradictionError when the witness has seen another history; Error when it does not answer in 1 s, answers without a
   *   valid cosignature, or has not answered an earlier call yet
   */
  cosign(note: string, size: number, proveSince: ProveSince): Promise<string>;
}

export function createWitnessClient({ url, verifier }: Witness): WitnessClient {
  const endpoint = new URL('add-checkpoint', url.endsWith('/') ? url : `${url}/`);
  let knownSize = 0;
  let isBusy = false;

  async function cosign(note: string, size: number, proveSince: ProveSince): Promise<string> {
    const signal = AbortSignal.timeout(MILLIS);
    requireSeen(knownSize, size);
    let answer = await submit(knownSize);
    if (answer.status === 409) {
      const seen = seenSize(answer.text);
      requireSeen(seen, size);
      answer = await submit(seen);
    }
    // It has cosigned another tree of this size, or meanwhile a larger one.
    if (answer.status === 422 || (answer.status === 409 && seenSize(answer.text) >= size))
      throw new ContradictionError(`the tree does not extend the one that the witness ${verifier.name} has seen`);
    if (answer.status !== 200) throw new Error(`the witness ${verifier.name} answered ${answer.status}`);
    openNote(note + answer.text, [verifier]);
    knownSize = size;
    return answer.text;

    async function submit(oldSize: number): Promise<{ status: number; text: string }> {
      const proof = oldSize === 0 ? [] : await proveSince(oldSize);
      const lines = proof.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('');
      const { statusCode, body } = await request(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: `old ${oldSize}\n${lines}\n${note}`,
        signal,
      });
      return { status: statusCode, text: (await readBounded(body, BODY_MAX_BYTES)).toString() };
    }
  }

  function requireSeen(seen: number, size: number): void {
    if (seen > size) throw new ContradictionError(`the witness ${verifier.name} has seen a tree of ${seen} records, and the database has ${size}`); // prettier-ignore
  }

  return {
    async cosign(note, size, proveSince) {
      if (isBusy) throw new Error(`the witness ${verifier.name} has not answered yet`);
      isBusy = true;
      return cosign(note, size, proveSince).finally(() => (isBusy = false));
    },
  };
}

function seenSize(text: string): number {
  if (!/^(?:0|[1-9]\d{0,15})\n$/.test(text))
    throw new Error('a witness answered a conflict without the size that it has seen');
  return Number(text);
}
