import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ClientHash } from './quota-counters.ts';

const CLIENTS_MAX = 10_000;

/**
 * Turns a client of the issuer into a keyed hash for the keys of counters, metrics and warnings: 32 hex digits.
 *
 * @param key `CPF_HASH_KEY`; the prefix keeps a client from having the hash of a CPF
 */
export function clientHasher(key: Uint8Array): (clientId: string) => ClientHash {
  const hashes = new LRUCache<string, ClientHash>({ max: CLIENTS_MAX });
  return (clientId) => {
    const cached = hashes.get(clientId);
    if (cached !== undefined) return cached;
    const hash = createHmac('sha256', key).update(`client\n${clientId}`).digest('hex').slice(0, 32) as ClientHash;
    hashes.set(clientId, hash);
    return hash;
  };
}
