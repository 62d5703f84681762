import { decodeBase64, encodeBase64 } from '../notes/base64.ts';
import { NoteError } from '../notes/note-error.ts';
import { EMPTY_ROOT, HASH_BYTES, isSameHash } from '../tree/hashes.ts';
import { checkSize } from '../tree/tiles.ts';

/** What a log states: the size and the root of its tree (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** The unique name of the log. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Further lines, opaque and best none. */
  readonly extensions: readonly string[];
}

/** The text of the note that a log signs. @throws NoteError for an empty line, or a line with a newline in it */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  checkSize(size);
  if ([origin, ...extensions].some((line) => line === '' || line.includes('\n'))) {
    throw new NoteError('The lines of a checkpoint are not empty.');
  }
  return [origin, String(size), encodeBase64(root), ...extensions].map((line) => `${line}\n`).join('');
}

/**
 * Reads the text of a checkpoint, in its only spelling.
 *
 * @param text of a note whose signature was verified
 * @throws NoteError
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  const end = lines.pop();
  const [origin, sizeText, rootText, ...extensions] = lines;
  if (end !== '' || !origin || sizeText === undefined || rootText === undefined || lines.includes('')) {
    throw new NoteError('A checkpoint has three lines or more, none of them empty.');
  }
  const size = parseSize(sizeText);
  if (size === undefined) throw new NoteError('The second line of a checkpoint is the size of the tree.');
  const root = decodeBase64(rootText);
  if (root?.length !== HASH_BYTES)
    throw new NoteError('The third line of a checkpoint is the root, 32 bytes in base64.');
  if (size === 0 && !isSameHash(root, EMPTY_ROOT)) {
    throw new NoteError('The checkpoint of an empty tree has another root than the empty tree.');
  }
  return { origin, size, root, extensions };
}

/** The size of a tree as checkpoints write it: decimal, without leading zeroes. @returns undefined for any other text */
export function parseSize(text: string): number | undefined {
  const size = /^(0|[1-9]\d*)$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(size) ? size : undefined;
}
