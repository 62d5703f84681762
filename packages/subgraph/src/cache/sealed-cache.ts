import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { CacheKey } from './cache-key.ts';
import type { Cache, CacheEntry, CacheLookup } from './cache.ts';

const VERSION = 1;
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OVERHEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** Of a value that is kept; a larger one is read from the base each time. */
export const SEALED_MAX_BYTES = 64 * 1024;

/**
 * A cache whose server learns nothing of what it keeps, and can make nobody believe anything: values are sealed with
 * AES-256-GCM under a key derived from `secret` (HKDF), with the cache's own key as additional data. What does not open,
 * being forged, moved from another key, cut, too large or of another secret, comes back as `isUnreadable`.
 *
 * Each cache key has an encryption key of its own, for random nonces may be used 2^32 times under one.
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

  function opened(key: CacheKey, lookup: CacheLookup | undefined): CacheLookup | undefined {
    if (lookup?.value === undefined) return lookup;
    const value = open(key, lookup.value);
    return { value, generation: lookup.generation, ...(value === undefined && { isUnreadable: true }) };
  }

  return {
    async getMany(keys) {
      const found = await cache.getMany(keys);
      return keys.map((key, index) => opened(key, found[index]));
    },
    async setMany(entries) {
      const small = entries.filter(({ value }) => value.byteLength <= SEALED_MAX_BYTES);
      if (small.length > 0) await cache.setMany(small.map((entry) => ({ ...entry, value: seal(entry) })));
    },
    invalidate: (keys) => cache.invalidate(keys),
    state: () => cache.state(),
    close: () => cache.close(),
  };
}
