import { createHmac } from 'node:crypto';
import type { Cpf } from './cpf.ts';

/**
 * Turns a CPF into a keyed hash for logs, the audit and cache keys: HMAC-SHA-256, truncated to 16 bytes, as 32 hex
 * digits. It has a key because a hash without one can be reversed in minutes: there are only 10^9 CPFs to try.
 */
export type CpfHash = (cpf: Cpf) => string;

/** One request asks for the hash of a person about ten times, and the same people come again. */
const REMEMBERED_MAX = 4_096;

/**
 * @param key at least 32 bytes; every process that reads or writes the same rows needs the same key
 * @throws RangeError for a shorter key
 */
export function cpfHasher(key: Uint8Array): CpfHash {
  if (key.byteLength < 32) throw new RangeError('the CPF hash key must have at least 32 bytes');
  const remembered = new Map<Cpf, string>();
  return (cpf) => {
    let hash = remembered.get(cpf);
    if (hash === undefined) {
      hash = createHmac('sha256', key).update(cpf).digest('hex').slice(0, 32);
      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      remembered.set(cpf, hash);
    }
    return hash;
  };
}
