import { decodeBase64, isSameBytes, sha256, utf8 } from './bytes.js';

/** @typedef {{ text: string, name: string, id: Uint8Array, publicKey: Uint8Array<ArrayBuffer> }} LogKey the verifier key of the log; `text` as it is published */
/** @typedef {{ origin: string, size: number, root: Uint8Array, rootText: string }} Checkpoint `rootText` is the root as the checkpoint writes it */
/** @typedef {'valid' | 'wrong' | 'unsupported'} Signature `unsupported`: this browser has no Ed25519 */

const ED25519 = 1;
const HASH_BYTES = 32;
const KEY_ID_BYTES = 4;

/**
 * Reads the verifier key of a log: `name+id+base64` (C2SP signed-note).
 *
 * @param {string} text
 * @returns {Promise<LogKey | undefined>} undefined for any other text, and when the id is that of another key
 */
export async function readLogKey(text) {
  const [, name, hex, base64] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? [];
  const key = decodeBase64(base64);
  if (name === undefined || key?.length !== 1 + HASH_BYTES || key[0] !== ED25519) return undefined;
  const id = (await sha256(utf8(`${name}\n`), key)).subarray(0, KEY_ID_BYTES);
  if (hex !== [...id].map((byte) => byte.toString(16).padStart(2, '0')).join('')) return undefined;
  return { text, name, id, publicKey: key.slice(1) };
}

/**
 * Reads the text of a signed note as a checkpoint (C2SP tlog-checkpoint). Who signed it, `judgeSignature` says.
 *
 * @param {string} note
 * @returns {Checkpoint | undefined} undefined for any other note
 */
export function readCheckpoint(note) {
  const [origin, sizeText = '', rootText] = textOf(note).split('\n');
  const size = /^(?:0|[1-9]\d*)$/.test(sizeText) ? Number(sizeText) : NaN;
  const root = decodeBase64(rootText);
  if (!origin || !Number.isSafeInteger(size) || rootText === undefined || root?.length !== HASH_BYTES) return undefined;
  return { origin, size, root, rootText };
}

/**
 * Judges the signature of the log under a note. Those of witnesses are not looked at.
 *
 * @param {string} note
 * @param {LogKey} key
 * @returns {Promise<Signature>} `wrong` also when the key signed nothing, and for the note of a log with another name
 */
export async function judgeSignature(note, { name, id, publicKey }) {
  const text = textOf(note);
  if (!text.startsWith(`${name}\n`)) return 'wrong';
  const signatures = note.slice(text.length + 1).split('\n').flatMap((line) => {
    const bytes = line.startsWith(`\u2014 ${name} `) ? decodeBase64(line.slice(name.length + 3)) : undefined;
    return bytes && isSameBytes(bytes.subarray(0, KEY_ID_BYTES), id) ? [bytes.slice(KEY_ID_BYTES)] : [];
  }); // prettier-ignore
  if (signatures.length === 0) return 'wrong';
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, { name: 'Ed25519' }, false, ['verify']);
    const judged = await Promise.all(signatures.map((one) => crypto.subtle.verify('Ed25519', key, one, utf8(text))));
    return judged.every(Boolean) ? 'valid' : 'wrong';
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotSupportedError') return 'unsupported';
    return 'wrong'; // bytes that are no key
  }
}

/** The text of a note: it may have empty lines, and the last one ends it. @param {string} note */
const textOf = (note) => note.slice(0, note.lastIndexOf('\n\n') + 1);
