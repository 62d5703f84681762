import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { NoteError } from './note-error.ts';
import {
  isKeyName,
  keyIdOf,
  parseVerifierKey,
  publicBytesOf,
  publicKeyOf,
  type SignatureType,
  signatureTypes,
  type VerifierKey,
} from './verifier-key.ts';

export interface NoteSigner extends VerifierKey {
  /** @param text of the note, with its last newline */
  sign(text: string): Uint8Array;
}

export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  verify(text: string, signature: Uint8Array): boolean;
}

/** An Ed25519 private key, or its PKCS #8 in PEM. */
export type PrivateKey = KeyObject | string;

/** Signs with Ed25519, as logs do. @throws NoteError for another kind of key or a name that no key may have */
export const ed25519Signer = (name: string, privateKey: PrivateKey): NoteSigner =>
  signerOf(name, signatureTypes.ed25519, privateKey, (text, key) => sign(null, Buffer.from(text), key));

/** @param key a verifier key of type Ed25519, or its text. @throws NoteError for a key of another type */
export const ed25519Verifier = (key: VerifierKey | string): NoteVerifier =>
  verifierOf(key, signatureTypes.ed25519, (text, signature, publicKey) =>
    verify(null, Buffer.from(text), publicKey, signature),
  );

/** A signer of any type that signs with an Ed25519 key. */
export function signerOf(
  name: string,
  algorithm: SignatureType,
  privateKey: PrivateKey,
  signText: (text: string, key: KeyObject) => Uint8Array,
): NoteSigner {
  if (!isKeyName(name)) throw new NoteError('The name of a key is not empty and has neither white space nor a plus.');
  const key = typeof privateKey === 'string' ? createPrivateKey(privateKey) : privateKey;
  const publicKey = publicBytesOf(createPublicKey(key));
  const keyId = keyIdOf(name, algorithm, publicKey);
  return { name, keyId, algorithm, publicKey, sign: (text) => signText(text, key) };
}

/** A verifier of any type whose public keys are Ed25519. */
export function verifierOf(
  key: VerifierKey | string,
  algorithm: SignatureType,
  verifyText: (text: string, signature: Uint8Array, publicKey: KeyObject) => boolean,
): NoteVerifier {
  const { name, keyId, algorithm: ofKey, publicKey } = typeof key === 'string' ? parseVerifierKey(key) : key;
  if (ofKey !== algorithm) throw new NoteError(`The key ${name} is for signatures of type ${ofKey}, not ${algorithm}.`);
  const publicKeyObject = publicKeyOf(publicKey);
  return { name, keyId, verify: (text, signature) => verifyText(text, signature, publicKeyObject) };
}
