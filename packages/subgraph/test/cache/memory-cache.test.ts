import { cpfFromBase } from '@pessoa/domain/cpf';
import { cachedParts, cacheKey } from '../../src/cache/cache-key.ts';
import { memoryCache } from '../../src/cache/memory-cache.ts';
import { cacheContract } from './cache-contract.ts';

cacheContract('memory', async () => memoryCache({ maxBytes: 1_000_000 }));

const key = (index: number) => cacheKey((cpf) => cpf, cachedParts.perfil, cpfFromBase(String(100_000_000 + index)));
const entry = (index: number, byteLength: number) => ({
  key: key(index),
  value: new Uint8Array(byteLength),
  generation: '',
  keepMillis: 60_000,
});

describe('A cache in memory', () => {
  it('drops the least recently used entries when it is full', async () => {
    const cache = memoryCache({ maxBytes: 100_000 });
    for (let index = 0; index < 100; index++) {
      await cache.setMany([entry(index, 2_000)]);
      await cache.getMany([key(0)]);
    }
    const entries = await cache.getMany(Array.from({ length: 100 }, (_, index) => key(index)));
    const storedIndexes = entries.flatMap((stored, index) => (stored?.value ? [index] : []));
    expect(storedIndexes).toContain(0);
    expect(storedIndexes).toContain(99);
    expect(storedIndexes).not.toContain(1);
    expect(storedIndexes.length * 2_000).toBeLessThanOrEqual(100_000);
    expect(storedIndexes.length).toBeGreaterThan(30);
  });

  it('does not store an entry larger than its size limit', async () => {
    const cache = memoryCache({ maxBytes: 10_000 });
    await cache.setMany([entry(1, 1_000), entry(2, 20_000)]);
    const entries = await cache.getMany([key(1), key(2)]);
    expect(entries.map((stored) => stored?.value?.byteLength)).toEqual([1_000, undefined]);
  });
});
