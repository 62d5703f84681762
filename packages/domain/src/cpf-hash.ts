import { createHmac } from 'node:crypto';
import type { Cpf } from './cpf.ts';
import { remembered } from './remembered.ts';

/**
 * Turns a CPF into a keyed hash for logs, the audit and cache keys: HMAC-SHA-256, truncated to 16 bytes, as 32 hex
 * digits. It has a key because a hash without one can be reversed in minutes: there are only 10^9 CPFs to try.
 */
export type CpfHash = (cpf: Cpf) => string;

/**
 * @param key at least 32 bytes; every process that reads or writes the same rows needs the same key
 * @throws RangeError for a shorter key
 */
export function cpfHasher(key: Uint8Array): CpfHash {
  if (key.byteLength < 32) throw new RangeError('the CPF hash key must have at least 32 bytes');
  return remembered((cpf) => createHmac('sha256', key).update(cpf).digest('hex').slice(0, 32));
}
