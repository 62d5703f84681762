import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type CacheKey, type GenerationKey, generationKeyOf } from './cache-key.ts';
import { type Cache, GENERATION_MILLIS } from './cache.ts';

/** Memory of an entry beside its bytes: key, Buffer and the lists of lru-cache. Measured on Node 26, rounded up. */
const ENTRY_OVERHEAD_BYTES = 450;

/** Stores entries in this process and drops the least recently used ones first. Other processes see neither entries nor invalidations. */
export function memoryCache(options: { maxBytes: number }): Cache {
  const valueByKey = new LRUCache<CacheKey, Uint8Array>({
    maxSize: options.maxBytes,
    sizeCalculation: (value) => value.byteLength + ENTRY_OVERHEAD_BYTES,
  });
  const generations = new LRUCache<GenerationKey, string>({ max: 100_000, ttl: GENERATION_MILLIS });
  const generationOf = (key: CacheKey): string => generations.get(generationKeyOf(key)) ?? '';
  return {
    getMany: async (keys) => keys.map((key) => ({ value: valueByKey.get(key), generation: generationOf(key) })),
    async setMany(entries) {
      for (const { key, value, generation, keepMillis } of entries) {
        if (generation === generationOf(key)) valueByKey.set(key, value, { ttl: keepMillis });
      }
    },
    async invalidate(keys) {
      for (const key of keys) generations.set(generationKeyOf(key), randomUUID());
      return keys.filter((key) => valueByKey.delete(key)).length;
    },
    state: () => 'ok',
    size: () => ({ entries: valueByKey.size, bytes: valueByKey.calculatedSize }),
    async close() {
      valueByKey.clear();
      generations.clear();
    },
  };
}
