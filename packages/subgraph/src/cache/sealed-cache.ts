import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { CacheKey } from './cache-key.ts';
import type { Cache, CacheEntry, CacheLookup } from './cache.ts';

const VERSION = 1;
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OVERHEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** Largest value that is cached. A larger one is read from the base each time. */
export const SEALED_MAX_BYTES = 64 * 1024;

/**
 * Hides values from the server that stores them, and detects forged ones. Values are sealed with AES-256-GCM under a key derived from
 * `secret` (HKDF), with the cache key as additional data. A value that does not open returns as `isUnreadable`: it is forged, cut,
 * too large, or of another key or secret.
 *
 * Each cache key has its own encryption key, because one key allows only 2^32 random nonces.
 *
 * @param secret at least 32 bytes, the same in every process that shares the cache
 */
export function sealedCache(cache: Cache, secret: Uint8Array): Cache {
  const master = Buffer.from(hkdfSync('sha256', secret, '', 'pessoa: values of the cache', 32));
  const sealingKeyOf = (key: CacheKey): Buffer => createHmac('sha256', master).update(key).digest();

  function seal({ key, value }: CacheEntry): Uint8Array {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, sealingKeyOf(key), nonce).setAAD(Buffer.from(key));
    const sealed = [cipher.update(value), cipher.final()];
    return Buffer.concat([Buffer.of(VERSION), nonce, ...sealed, cipher.getAuthTag()]);
  }

  function open(key: CacheKey, sealed: Uint8Array): Uint8Array | undefined {
    const bytes = sealed.byteLength;
    if (bytes < OVERHEAD_BYTES || bytes > SEALED_MAX_BYTES + OVERHEAD_BYTES || sealed[0] !== VERSION) return undefined;
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const decipher = createDecipheriv(ALGORITHM, sealingKeyOf(key), nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(key))
      .setAuthTag(sealed.subarray(bytes - TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES, bytes - TAG_BYTES)), decipher.final()]);
    } catch {
      return undefined;
    }
  }

  function openLookup(key: CacheKey, lookup: CacheLookup | undefined): CacheLookup | undefined {
    if (lookup?.value === undefined) return lookup;
    const value = open(key, lookup.value);
    return { value, generation: lookup.generation, ...(value === undefined && { isUnreadable: true }) };
  }

  return {
    async getMany(keys) {
      const sealedLookups = await cache.getMany(keys);
      return keys.map((key, index) => openLookup(key, sealedLookups[index]));
    },
    async setMany(entries) {
      const smallEntries = entries.filter(({ value }) => value.byteLength <= SEALED_MAX_BYTES);
      if (smallEntries.length > 0) await cache.setMany(smallEntries.map((entry) => ({ ...entry, value: seal(entry) })));
    },
    invalidate: (keys) => cache.invalidate(keys),
    state: () => cache.state(),
    close: () => cache.close(),
  };
}
