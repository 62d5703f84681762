import { decodeBase64, encodeBase64 } from './base64.ts';
import { NoteError, UntrustedNoteError } from './note-error.ts';
import type { NoteSigner, NoteVerifier } from './note-keys.ts';
import { hasControlCharacter, isKeyName, keyIdText } from './verifier-key.ts';

export { NoteError, UntrustedNoteError } from './note-error.ts';
export { ed25519Signer, ed25519Verifier, type NoteSigner, type NoteVerifier, type PrivateKey } from './note-keys.ts';
export { formatVerifierKey, parseVerifierKey, type VerifierKey } from './verifier-key.ts';

/** Limits of what is read: a note in bytes, and its signature lines. The specification asks for 16 signatures at least. */
export const NOTE_MAX_BYTES = 1_000_000;
export const SIGNATURES_MAX = 100;

export interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
  /** What the signer's algorithm made, without the key id. */
  readonly signature: Uint8Array;
}

export interface OpenedNote {
  readonly text: string;
  /** Those that a verifier accepts, one for each key, in the order of the note. */
  readonly signatures: readonly NoteSignature[];
  /** The number of different signatures of keys that no verifier has. */
  readonly unverified: number;
}

/**
 * Signs a text (C2SP signed-note).
 *
 * @param text ends with a newline, and has no other control character
 * @throws NoteError for another text
 */
export const signNote = (text: string, signers: readonly NoteSigner[]): string =>
  `${text}\n${signatureLines(text, signers)}`;

/** The signature lines alone, each with its newline: what a witness answers, and what is appended to a note. */
export function signatureLines(text: string, signers: readonly NoteSigner[]): string {
  if (!text.endsWith('\n') || hasControlCharacter(text) || !text.isWellFormed()) {
    throw new NoteError('The text of a note ends with a newline and has no other control character.');
  }
  return signers.map((signer) => signatureLine({ ...signer, signature: signer.sign(text) })).join('');
}

const PREFIX = '\u2014 ';
const KEY_ID_BYTES = 4;

/** One signature as a line of a note, with its newline. */
export function signatureLine({ name, keyId, signature }: NoteSignature): string {
  const id = Buffer.alloc(KEY_ID_BYTES);
  id.writeUInt32BE(keyId);
  return `${PREFIX}${name} ${encodeBase64(Buffer.concat([id, signature]))}\n`;
}

/**
 * Verifies a note. Signatures of unknown keys are ignored.
 *
 * @throws UntrustedNoteError when no known key signed it, or when a known key's signature is wrong
 * @throws NoteError when the note is malformed
 */
export function openNote(note: string | Uint8Array, verifiers: readonly NoteVerifier[]): OpenedNote {
  const { text, lines } = splitNote(note);
  const verified = new Map<string, NoteSignature>();
  const unverified = new Set<string>();
  for (const line of new Set(lines)) {
    const signature = parseSignature(line);
    const key = `${signature.name}+${keyIdText(signature.keyId)}`;
    const [verifier, ...others] = verifiers.filter(
      ({ name, keyId }) => name === signature.name && keyId === signature.keyId,
    );
    if (others.length > 0) throw new NoteError(`Two of the keys are ${key}.`);
    if (!verifier) {
      unverified.add(line);
      continue;
    }
    if (!verifier.verify(text, signature.signature)) throw new UntrustedNoteError(`The signature of ${key} is wrong.`);
    if (!verified.has(key)) verified.set(key, signature);
  }
  if (verified.size === 0) throw new UntrustedNoteError('No known key signed the note.');
  return { text, signatures: [...verified.values()], unverified: unverified.size };
}

/** The text of a note that was verified before, without its signatures. */
export const noteText = (note: string): string => note.slice(0, note.lastIndexOf('\n\n') + 1);

/** The text of a note and its signature lines. The text may have empty lines: the last one of the note ends it. */
function splitNote(note: string | Uint8Array): { text: string; lines: string[] } {
  const whole = decodeNote(note);
  const end = whole.lastIndexOf('\n\n');
  const signatures = whole.slice(end + 2);
  if (end < 0 || !signatures.endsWith('\n')) throw new NoteError('The note has no signatures after an empty line.');
  const lines = signatures.slice(0, -1).split('\n');
  if (lines.length > SIGNATURES_MAX) throw new NoteError(`The note has more than ${SIGNATURES_MAX} signatures.`);
  return { text: whole.slice(0, end + 1), lines };
}

function decodeNote(note: string | Uint8Array): string {
  const length = typeof note === 'string' ? Buffer.byteLength(note) : note.length;
  if (length > NOTE_MAX_BYTES) throw new NoteError(`The note has more than ${NOTE_MAX_BYTES} bytes.`);
  const text = typeof note === 'string' ? note : decodeUtf8(note);
  if (!text.isWellFormed() || hasControlCharacter(text))
    throw new NoteError('The note has bytes that no note may have.');
  return text;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NoteError('The note is not UTF-8.');
  }
}

function parseSignature(line: string): NoteSignature {
  const [name, base64, ...rest] = line.startsWith(PREFIX) ? line.slice(PREFIX.length).split(' ') : [];
  const bytes = base64 === undefined ? undefined : decodeBase64(base64);
  if (!name || !bytes || rest.length > 0 || !isKeyName(name) || bytes.length <= KEY_ID_BYTES) {
    throw new NoteError('A signature line of the note is malformed.');
  }
  return { name, keyId: Buffer.from(bytes).readUInt32BE(), signature: bytes.subarray(KEY_ID_BYTES) };
}
