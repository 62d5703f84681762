import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Cpf } from '@pessoa/domain/cpf';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The place of a person in the map, and the proof that it is that of their CPF. */
export interface ProvenIndex {
  /** 32 bytes. */
  readonly index: Uint8Array;
  /** 80 bytes. */
  readonly proof: Uint8Array;
}

/**
 * Encrypts proofs of indices for the database. Whoever has a proof can try out every CPF with the public key of the VRF, until one
 * verifies.
 */
export interface ProofCipher {
  /** @returns 96 bytes */
  encrypt(cpf: Cpf, proven: ProvenIndex): Uint8Array;
  /** @returns undefined for bytes that were not made by `encrypt`, under this key, for this CPF and this index */
  decrypt(cpf: Cpf, index: Uint8Array, bytes: Uint8Array): Uint8Array | undefined;
}

/**
 * A CPF has one index and one proof, so the nonce comes from the index: no nonce ever encrypts two texts. Two indices begin with the
 * same 96 bits by chance alone, for nobody chooses one.
 *
 * @param vrfSecret `AUDITOR_VRF_KEY`; the cipher has a key of its own that is derived from it. Whoever has it computes the proofs anyway
 */
export function proofCipher(vrfSecret: Uint8Array): ProofCipher {
  const key = new Uint8Array(hkdfSync('sha256', vrfSecret, '', 'pessoa audit prova', 32));
  const nonceOf = (index: Uint8Array): Uint8Array => index.subarray(0, NONCE_BYTES);
  const bound = (cpf: Cpf, index: Uint8Array): Uint8Array => Buffer.concat([Buffer.from(cpf, 'latin1'), index]);
  return {
    encrypt(cpf, { index, proof }) {
      const cipher = createCipheriv(ALGORITHM, key, nonceOf(index), { authTagLength: TAG_BYTES });
      cipher.setAAD(bound(cpf, index));
      return Buffer.concat([cipher.update(proof), cipher.final(), cipher.getAuthTag()]);
    },
    decrypt(cpf, index, bytes) {
      if (index.length < NONCE_BYTES || bytes.length < TAG_BYTES) return undefined;
      const decipher = createDecipheriv(ALGORITHM, key, nonceOf(index), { authTagLength: TAG_BYTES });
      decipher.setAAD(bound(cpf, index)).setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}
