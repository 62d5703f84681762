import { createPrivateKey, type KeyObject } from 'node:crypto';
import { NoteError } from './note-error.ts';

/** What PKCS #8 has before the seed of an Ed25519 key (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Reads an Ed25519 private key as an operator gives it: PKCS #8 in PEM, or its seed of 32 bytes in base64url.
 *
 * @throws NoteError, without the text, for anything else
 */
export function readPrivateKey(text: string): KeyObject {
  const key = parse(text.trim());
  if (key?.asymmetricKeyType !== 'ed25519') throw new NoteError('The private key is not an Ed25519 key in PEM or base64url.'); // prettier-ignore
  return key;
}

function parse(text: string): KeyObject | undefined {
  try {
    if (!/^[\w-]{43}=?$/.test(text)) return createPrivateKey(text);
    const der = Buffer.concat([PKCS8_PREFIX, Buffer.from(text, 'base64url')]);
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}
