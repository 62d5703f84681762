import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { type Cpf, readCpf } from './cpf.ts';
import { remembered } from './remembered.ts';

const ALGORITHM = 'aes-256-ecb';
const CPF_DIGITS = 11;
/** One block of AES: the digits in ASCII, and zero bytes. */
const BLOCK_BYTES = 16;
const PADDING = '\0'.repeat(BLOCK_BYTES - CPF_DIGITS);

/** Encrypts CPFs for the audit. A CPF has always the same ciphertext, so that it tells no more than the keyed hash beside it. */
export interface CpfCipher {
  /** @returns 16 bytes as 32 hex digits */
  encrypt(cpf: Cpf): string;
  /** @returns undefined for bytes that are no CPF under this key */
  decrypt(bytes: Uint8Array): Cpf | undefined;
}

/**
 * One block of AES-256 is a keyed permutation of what fits into it, so it needs neither a mode nor a nonce. One cipher encrypts every
 * CPF: to make a cipher costs ten times as much as a block.
 *
 * @param key `CPF_HASH_KEY`, at least 32 bytes; the cipher has a key of its own that is derived from it
 */
export function cpfCipher(key: Uint8Array): CpfCipher {
  const derived = new Uint8Array(hkdfSync('sha256', key, '', 'pessoa audit cpf', 32));
  const cipher = createCipheriv(ALGORITHM, derived, null).setAutoPadding(false);
  const decipher = createDecipheriv(ALGORITHM, derived, null).setAutoPadding(false);
  return {
    encrypt: remembered((cpf) => cipher.update(`${cpf}${PADDING}`, 'latin1', 'hex')),
    decrypt(bytes) {
      if (bytes.byteLength !== BLOCK_BYTES) return undefined; // of fewer bytes the cipher would wait for the rest
      const text = decipher.update(bytes).toString('latin1');
      return text.endsWith(PADDING) ? readCpf(text.slice(0, CPF_DIGITS)) : undefined;
    },
  };
}
