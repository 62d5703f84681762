import { createHmac, hkdfSync } from 'node:crypto';
import type { RecordRow } from '@pessoa/audit/record-row';
import type { Cpf } from '@pessoa/domain/cpf';
import { cpfCipher } from '@pessoa/domain/cpf-cipher';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { remembered } from '@pessoa/domain/remembered';
import { personIndex, provePersonIndex } from '@pessoa/transparency-log/map/person-index';
import { vrfKey } from '@pessoa/transparency-log/vrf/ecvrf';
import { proofCipher, type ProvenIndex } from './proof-cipher.ts';

/** Knows the people of records: by the CPF that a record has encrypted, and by the index that the map has for it. */
export interface PersonKeys {
  /** The public key of the VRF, 32 bytes. */
  readonly vrfPublicKey: Uint8Array;
  /** The keyed hash that the records of this person have. */
  hashOf(cpf: Cpf): string;
  /** @returns undefined when the record has no CPF, or one that is not that of its hash */
  cpfOf(row: Pick<RecordRow, 'cpf_hash' | 'cpf_cifrado'>): Cpf | undefined;
  /** Takes about a millisecond. */
  indexOf(cpf: Cpf): Uint8Array;
  /** The index with the proof that it is that of this CPF. Takes about two milliseconds, and none for the last people. */
  proveIndex(cpf: Cpf): ProvenIndex;
  /** The index with its proof for the database, encrypted: 96 bytes. Takes about two milliseconds. */
  encryptProof(cpf: Cpf): { readonly index: Uint8Array; readonly encrypted: Uint8Array };
  /** @returns undefined unless the bytes are from `encryptProof` of this CPF, with this index */
  readProof(cpf: Cpf, index: Uint8Array, encrypted: Uint8Array): Uint8Array | undefined;
  /** The salt, 32 bytes, of the subject in a record with this nonce. The holder of the nonce alone cannot try out subjects. */
  subjectSalt(nonce: Uint8Array): Uint8Array;
}

/**
 * @param vrfSecret `AUDITOR_VRF_KEY`, 32 bytes
 * @param cpfHashKey `CPF_HASH_KEY`
 */
export function personKeys(vrfSecret: Uint8Array, cpfHashKey: Uint8Array): PersonKeys {
  const vrf = vrfKey(vrfSecret);
  const proofs = proofCipher(vrfSecret);
  const cpfHash = cpfHasher(cpfHashKey);
  const { decrypt } = cpfCipher(cpfHashKey);
  const saltKey = new Uint8Array(hkdfSync('sha256', cpfHashKey, '', 'pessoa audit sujeito', 32));
  return {
    vrfPublicKey: vrf.publicKey,
    hashOf: cpfHash,
    cpfOf({ cpf_hash: hash, cpf_cifrado: cifrado }) {
      const cpf = cifrado === null ? undefined : decrypt(cifrado);
      return cpf !== undefined && cpfHash(cpf) === hash ? cpf : undefined;
    },
    indexOf: (cpf) => personIndex(vrf, cpf),
    proveIndex: remembered((cpf) => provePersonIndex(vrf, cpf)),
    encryptProof(cpf) {
      const proven = provePersonIndex(vrf, cpf);
      return { index: proven.index, encrypted: proofs.encrypt(cpf, proven) };
    },
    readProof: proofs.decrypt,
    subjectSalt: (nonce) => createHmac('sha256', saltKey).update(nonce).digest(),
  };
}
