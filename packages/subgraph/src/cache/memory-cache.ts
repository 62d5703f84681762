import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type CacheKey, type GenerationKey, generationKeyOf } from './cache-key.ts';
import { type Cache, GENERATION_MILLIS } from './cache.ts';

/** What an entry costs beside its bytes: key, Buffer, and the lists of lru-cache (measured on Node 26, rounded up). */
const ENTRY_OVERHEAD_BYTES = 450;

/** Kept in this process, the least recently used forgotten first. Other processes do not see it, nor its invalidations. */
export function memoryCache(options: { maxBytes: number }): Cache {
  const kept = new LRUCache<CacheKey, Uint8Array>({
    maxSize: options.maxBytes,
    sizeCalculation: (value) => value.byteLength + ENTRY_OVERHEAD_BYTES,
  });
  const generations = new LRUCache<GenerationKey, string>({ max: 100_000, ttl: GENERATION_MILLIS });
  const generationOf = (key: CacheKey): string => generations.get(generationKeyOf(key)) ?? '';
  return {
    getMany: async (keys) => keys.map((key) => ({ value: kept.get(key), generation: generationOf(key) })),
    async setMany(entries) {
      for (const { key, value, generation, keepMillis } of entries) {
        if (generation === generationOf(key)) kept.set(key, value, { ttl: keepMillis });
      }
    },
    async invalidate(keys) {
      for (const key of keys) generations.set(generationKeyOf(key), randomUUID());
      return keys.filter((key) => kept.delete(key)).length;
    },
    state: () => 'ok',
    async close() {
      kept.clear();
      generations.clear();
    },
  };
}
