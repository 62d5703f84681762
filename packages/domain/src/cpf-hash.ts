import { createHmac } from 'node:crypto';
import type { Cpf } from './cpf.ts';

/**
 * Turns a CPF into a keyed hash for logs, the audit and cache keys: HMAC-SHA-256, truncated to 16 bytes, as 32 hex
 * digits. Keyed, because a bare hash of eleven digits is found by trying them all in minutes.
 */
export type CpfHash = (cpf: Cpf) => string;

/** @param key at least 32 bytes, the same in every process that must find each other's rows */
export function cpfHasher(key: Uint8Array): CpfHash {
  if (key.byteLength < 32) throw new RangeError('the CPF hash key must have at least 32 bytes');
  return (cpf) => createHmac('sha256', key).update(cpf).digest('hex').slice(0, 32);
}
