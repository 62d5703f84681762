import { parseSize } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { decodeBase64 } from '@pessoa/transparency-log/notes/base64';
import { HASH_BYTES } from '@pessoa/transparency-log/tree/hashes';

/** What a log sends to `add-checkpoint` (C2SP tlog-witness). */
export interface CheckpointRequest {
  /** The size of the tree that this witness cosigned last, as the log believes. */
  readonly oldSize: number;
  /** The consistency proof from the old size to that of the checkpoint. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint. */
  readonly note: string;
}

/** A request cannot be read. Its message is one sentence. */
export class MalformedRequest extends Error {}

const PROOF_LINES_MAX = 63;

/** @throws MalformedRequest */
export function parseCheckpointRequest(body: Uint8Array): CheckpointRequest {
  const text = decodeUtf8(body);
  const end = text.indexOf('\n\n');
  if (end < 0) throw new MalformedRequest('The body has no empty line before a checkpoint.');
  const [first = '', ...lines] = text.slice(0, end).split('\n');
  const oldSize = first.startsWith('old ') ? parseSize(first.slice('old '.length)) : undefined;
  if (oldSize === undefined) throw new MalformedRequest('The first line is not "old" and the size of a tree.');
  if (lines.length > PROOF_LINES_MAX) throw new MalformedRequest(`The proof has more than ${PROOF_LINES_MAX} lines.`);
  const proof = lines.map((line) => {
    const hash = decodeBase64(line);
    if (hash?.length !== HASH_BYTES) throw new MalformedRequest('A line of the proof is not a hash in base64.');
    return hash;
  });
  return { oldSize, proof, note: text.slice(end + 2) };
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new MalformedRequest('The body is not UTF-8.');
  }
}
