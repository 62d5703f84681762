import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Resultado } from '@pessoa/audit/audit-log';
import type { Cpf } from '@pessoa/domain/cpf';
import { recordIdOf } from '../commands/record-id.ts';

/** What the key of extractions makes. Nobody without the key can go back from any of it to a CPF. */
export interface Pseudonyms {
  /** Says which key it is. Eight hex digits of a digest. */
  readonly keyId: string;
  /** The same person has the same key in every extraction with this key: 32 hex digits of an HMAC. */
  keyOf(cpf: Cpf): string;
  /**
   * The UUID of the audit's record of a person, a run and an outcome. Repeating it writes no second record; a person whose data could not be
   * used at first, and could when the run went on, has a record of each.
   */
  recordIdOf(cpf: Cpf, run: string, resultado: Resultado): string;
  /** Seals the position of a run, a CPF, for the file from which the run can go on. */
  seal(position: string): string;
  /** @throws Error when it was sealed with another key, or changed */
  open(sealed: string): string;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param key at least 32 bytes, and a key of its own: with the key of the audit, rows of both could be joined */
export function createPseudonyms(key: Uint8Array): Pseudonyms {
  const derive = (use: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', `pessoa extraction ${use}`, 32));
  const [keyOfPeople, keyOfRecords, keyOfPositions] = [derive('people'), derive('records'), derive('positions')];
  const hmac = (secret: Buffer, text: string): string => createHmac('sha256', secret).update(text).digest('hex');
  return {
    keyId: hmac(derive('id'), '').slice(0, 8),
    keyOf: (cpf) => hmac(keyOfPeople, cpf).slice(0, 32),
    recordIdOf(cpf, run, resultado) {
      return recordIdOf(run, hmac(keyOfRecords, `${run} ${resultado} ${cpf}`));
    },
    seal(position) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, keyOfPositions, nonce);
      const text = Buffer.concat([cipher.update(position, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv(ALGORITHM, keyOfPositions, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString();
    },
  };
}
