import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { NoteError } from './note-error.ts';

/** The signature types of C2SP signed-note that this package knows. */
export const signatureTypes = { ed25519: 0x01, cosignatureV1: 0x04 } as const;

export type SignatureType = (typeof signatureTypes)[keyof typeof signatureTypes];

/** A public key with its name and what its signatures are. */
export interface VerifierKey {
  readonly name: string;
  /** Four bytes as a number; it identifies the key together with the name. */
  readonly keyId: number;
  readonly algorithm: SignatureType;
  /** The 32 bytes of RFC 8032. */
  readonly publicKey: Uint8Array;
}

const PUBLIC_KEY_BYTES = 32;

/** The first four bytes of SHA-256 over name, newline, signature type and public key. */
export function keyIdOf(name: string, algorithm: SignatureType, publicKey: Uint8Array): number {
  const digest = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(algorithm), publicKey]), 'buffer');
  return digest.readUInt32BE();
}

/** A key as operators write it: `name+hex of the id+base64 of type and public key`. */
export function formatVerifierKey({ name, algorithm, publicKey }: Omit<VerifierKey, 'keyId'>): string {
  const id = keyIdText(keyIdOf(name, algorithm, publicKey));
  return `${name}+${id}+${encodeBase64(Buffer.concat([Buffer.of(algorithm), publicKey]))}`;
}

/** @throws NoteError when it is not such a key, or its id is that of another one */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name, id, base64] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const key = base64 === undefined ? undefined : decodeBase64(base64);
  if (!name || !id || !key || !isKeyName(name)) throw new NoteError('A verifier key is written name+id+base64.');
  const algorithm = Object.values(signatureTypes).find((type) => type === key[0]);
  if (!algorithm) throw new NoteError(`The key ${name}+${id} is for signatures of a type that is not known.`);
  const publicKey = key.subarray(1);
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new NoteError(`The key ${name}+${id} has not 32 bytes.`);
  const keyId = keyIdOf(name, algorithm, publicKey);
  if (keyIdText(keyId) !== id) throw new NoteError(`The id of the key ${name}+${id} is that of another key.`);
  return { name, keyId, algorithm, publicKey };
}

/** A key id as eight hexadecimal digits. */
export const keyIdText = (keyId: number): string => keyId.toString(16).padStart(8, '0');

/** Whether a key may have this name: not empty, without white space, `+`, and what a note may not contain. */
export const isKeyName = (name: string): boolean =>
  /^[^\p{White_Space}+]+$/u.test(name) && !hasControlCharacter(name) && name.isWellFormed();

/** Whether a text has an ASCII control character besides newlines. */
export const hasControlCharacter = (text: string): boolean =>
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /[\0-\x09\x0b-\x1f]/.test(text);

/** The 32 bytes of an Ed25519 public key. @throws NoteError for a key of another kind */
export function publicBytesOf(key: KeyObject): Uint8Array {
  if (key.asymmetricKeyType !== 'ed25519') throw new NoteError('The key is not an Ed25519 key.');
  return Buffer.from(key.export({ format: 'jwk' }).x!, 'base64url');
}

export const publicKeyOf = (bytes: Uint8Array): KeyObject =>
  createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(bytes).toString('base64url') },
    format: 'jwk',
  });
