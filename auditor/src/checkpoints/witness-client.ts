import type { NoteVerifier } from '@pessoa/transparency-log/notes/signed-note';
import { openNote } from '@pessoa/transparency-log/notes/signed-note';
import { request } from 'undici';

/** A witness that cosigns checkpoints which extend what it has seen (C2SP tlog-witness). */
export interface Witness {
  readonly url: string;
  readonly verifier: NoteVerifier;
}

/** The proof that a tree extends the one of a smaller size. */
export type ProveSince = (oldSize: number) => Promise<readonly Uint8Array[]>;

/** The witness has seen a tree that the database does not have: there are two histories, or the database was put back. */
export class ForkError extends Error {}

const MILLIS = 2_000;
const BODY_MAX_BYTES = 16_384;

/** Submits checkpoints to one witness, and remembers how far that has come. */
export interface WitnessClient {
  /**
   * @param note the checkpoint, signed by the log
   * @returns the note with the witness's cosignature
   * @throws ForkError; Error when the witness does not answer in 2 s or answers without a valid cosignature
   */
  cosign(note: string, size: number, proveSince: ProveSince): Promise<string>;
}

export function createWitnessClient({ url, verifier }: Witness): WitnessClient {
  let knownSize = 0;

  async function submit(
    note: string,
    oldSize: number,
    proveSince: ProveSince,
  ): Promise<{ status: number; text: string }> {
    const proof = oldSize === 0 ? [] : await proveSince(oldSize);
    const lines = proof.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('');
    const { statusCode, body } = await request(new URL('add-checkpoint', url.endsWith('/') ? url : `${url}/`), {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: `old ${oldSize}\n${lines}\n${note}`,
      signal: AbortSignal.timeout(MILLIS),
    });
    return { status: statusCode, text: await readText(body) };
  }

  return {
    async cosign(note, size, proveSince) {
      let answer = await submit(note, knownSize, proveSince);
      if (answer.status === 409) {
        const seen = seenSize(answer.text);
        if (seen > size) throw new ForkError(`the witness ${verifier.name} has seen a tree of ${seen} records, and the database has ${size}`); // prettier-ignore
        answer = await submit(note, seen, proveSince);
      }
      // It has cosigned another tree of this size, or meanwhile a larger one.
      if (answer.status === 422 || (answer.status === 409 && seenSize(answer.text) >= size))
        throw new ForkError(`the tree does not extend the one that the witness ${verifier.name} has seen`);
      if (answer.status !== 200) throw new Error(`the witness ${verifier.name} answered ${answer.status}`);
      const cosigned = note + answer.text;
      openNote(cosigned, [verifier]);
      knownSize = size;
      return answer.text;
    },
  };
}

function seenSize(text: string): number {
  if (!/^(?:0|[1-9]\d{0,15})\n$/.test(text))
    throw new Error('a witness answered a conflict without the size that it has seen');
  return Number(text);
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > BODY_MAX_BYTES) throw new Error('a witness answered more than 16 KiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
