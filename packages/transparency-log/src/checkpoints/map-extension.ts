import { decodeBase64, encodeBase64 } from '../notes/base64.ts';
import { NoteError } from '../notes/note-error.ts';
import { HASH_BYTES } from '../tree/hashes.ts';
import type { Checkpoint } from './checkpoint.ts';

/** What a checkpoint states about the map of people. */
export interface CheckpointMap {
  /** The public key by which a CPF becomes an index, 32 bytes. */
  readonly vrfPublicKey: Uint8Array;
  /** The root of the map, 32 bytes. */
  readonly root: Uint8Array;
}

const NAME = 'pessoas ';
const VERSION = '1 ';

/** The extension line of a checkpoint: `pessoas 1 <public key> <root>`, both in base64. */
export function formatMapLine({ vrfPublicKey, root }: CheckpointMap): string {
  if (vrfPublicKey.length !== HASH_BYTES || root.length !== HASH_BYTES) {
    throw new NoteError('The line of the map has a key and a root of 32 bytes each.');
  }
  return `${NAME}${VERSION}${encodeBase64(vrfPublicKey)} ${encodeBase64(root)}`;
}

/**
 * Reads the line of the map, in its only spelling.
 *
 * @returns undefined when the checkpoint has none
 * @throws NoteError for a line that begins as one and is none, and for two
 */
export function mapOf({ extensions }: Pick<Checkpoint, 'extensions'>): CheckpointMap | undefined {
  const [line, ...others] = extensions.filter((extension) => extension.startsWith(NAME));
  if (line === undefined) return undefined;
  if (others.length > 0) throw new NoteError('The checkpoint has two lines of a map.');
  const texts = line.startsWith(NAME + VERSION) ? line.slice(NAME.length + VERSION.length).split(' ') : [];
  const [vrfPublicKey, root, ...more] = texts.map(decodeBase64);
  if (vrfPublicKey?.length !== HASH_BYTES || root?.length !== HASH_BYTES || more.length > 0) {
    throw new NoteError('The line of the map in the checkpoint cannot be read.');
  }
  return { vrfPublicKey, root };
}
