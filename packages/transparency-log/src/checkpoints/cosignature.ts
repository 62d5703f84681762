import { sign, verify } from 'node:crypto';
import { type NoteSigner, type NoteVerifier, type PrivateKey, signerOf, verifierOf } from '../notes/note-keys.ts';
import { signatureTypes, type VerifierKey } from '../notes/verifier-key.ts';

const TIMESTAMP_BYTES = 8;
const COSIGNATURE_BYTES = TIMESTAMP_BYTES + 64;
const TIMESTAMP_MAX = 2n ** 63n - 1n;

/**
 * Signs checkpoints as a witness: it states that, at the time of the clock, this is the largest tree of the log that it saw, and
 * that all it saw are consistent (C2SP tlog-cosignature, cosignature/v1).
 */
export const cosigner = (name: string, privateKey: PrivateKey, clock: { now(): Date }): NoteSigner =>
  signerOf(name, signatureTypes.cosignatureV1, privateKey, (text, key) => {
    const timestamp = Buffer.alloc(TIMESTAMP_BYTES);
    timestamp.writeBigUInt64BE(BigInt(Math.floor(clock.now().getTime() / 1_000)));
    return Buffer.concat([timestamp, sign(null, cosignedMessage(timestamp.readBigUInt64BE(), text), key)]);
  });

/** @param key a verifier key of a witness, or its text. @throws NoteError for a key of another type */
export const cosignatureVerifier = (key: VerifierKey | string): NoteVerifier =>
  verifierOf(key, signatureTypes.cosignatureV1, (text, signature, publicKey) => {
    if (signature.length !== COSIGNATURE_BYTES) return false;
    const timestamp = Buffer.from(signature).readBigUInt64BE();
    const message = cosignedMessage(timestamp, text);
    return timestamp <= TIMESTAMP_MAX && verify(null, message, publicKey, signature.subarray(TIMESTAMP_BYTES));
  });

/** The time of a cosignature that was verified, in seconds since 1970. */
export const cosignatureTime = (signature: Uint8Array): number => Number(Buffer.from(signature).readBigUInt64BE());

const cosignedMessage = (timestamp: bigint, text: string): Buffer =>
  Buffer.from(`cosignature/v1\ntime ${timestamp}\n${text}`);
