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

describe('The memory of a cache in memory', () => {
  it('is bounded: what was used longest ago goes first', async () => {
    const cache = memoryCache({ maxBytes: 100_000 });
    for (let index = 0; index < 100; index++) {
      await cache.setMany([entry(index, 2_000)]);
      await cache.getMany([key(0)]);
    }
    const found = await cache.getMany(Array.from({ length: 100 }, (_, index) => key(index)));
    const kept = found.flatMap((one, index) => (one?.value ? [index] : []));
    expect(kept).toContain(0);
    expect(kept).toContain(99);
    expect(kept).not.toContain(1);
    expect(kept.length * 2_000).toBeLessThanOrEqual(100_000);
    expect(kept.length).toBeGreaterThan(30);
  });

  it('does not take what is larger than all of it', async () => {
    const cache = memoryCache({ maxBytes: 10_000 });
    await cache.setMany([entry(1, 1_000), entry(2, 20_000)]);
    const found = await cache.getMany([key(1), key(2)]);
    expect(found.map((one) => one?.value?.byteLength)).toEqual([1_000, undefined]);
  });
});
