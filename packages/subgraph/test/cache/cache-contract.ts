import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { type CpfHash, cpfHasher } from '@pessoa/domain/cpf-hash';
import fc from 'fast-check';
import { cachedParts, cacheKey, cacheKeysOf } from '../../src/cache/cache-key.ts';
import type { Cache, CacheEntry } from '../../src/cache/cache.ts';

/** Longer than any test, and short enough to free a shared server soon. */
const KEEP_MILLIS = 60_000;

/** The rules for every adapter of `Cache`. Each run hashes CPFs with its own key, so that runs on one server do not meet. */
export function cacheContract(name: string, open: () => Promise<Cache>): void {
  describe(`A cache in ${name}`, () => {
    let cache: Cache;
    const hash: CpfHash = cpfHasher(randomBytes(32));
    let next = 520_000_000;
    const newCpf = (): Cpf => cpfFromBase(String(next++));
    const perfilOf = (cpf: Cpf) => cacheKey(hash, cachedParts.perfil, cpf);
    const bytes = (value: string): Buffer => Buffer.from(value);

    beforeAll(async () => {
      cache = await open();
    });
    afterAll(() => cache.close());

    const generationOf = async (cpf: Cpf): Promise<string> => (await cache.getMany([perfilOf(cpf)]))[0]!.generation;
    const set = async (cpf: Cpf, value: Uint8Array, fields: Partial<CacheEntry> = {}): Promise<void> =>
      cache.setMany([{ key: perfilOf(cpf), value, generation: '', keepMillis: KEEP_MILLIS, ...fields }]);
    const get = async (...cpfs: Cpf[]): Promise<(string | undefined)[]> =>
      (await cache.getMany(cpfs.map(perfilOf))).map((entry) => entry?.value && Buffer.from(entry.value).toString());

    it('answers in the order of the keys, repeated keys again and missing entries with undefined', async () => {
      const [ana, bia, cid] = [newCpf(), newCpf(), newCpf()];
      await set(ana, bytes('a'));
      await set(bia, bytes('b'));
      expect(await get(bia, cid, ana, bia)).toEqual(['b', undefined, 'a', 'b']);
      expect(await cache.getMany([])).toEqual([]);
    });

    it('returns the bytes that it was given', async () => {
      const cpf = newCpf();
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (value) => {
          await set(cpf, value);
          const [found] = await cache.getMany([perfilOf(cpf)]);
          expect(Buffer.from(found!.value!).equals(value)).toBe(true);
        }),
        { numRuns: 30 },
      );
    });

    it('returns the newer of two values', async () => {
      const cpf = newCpf();
      await set(cpf, bytes('old'));
      await set(cpf, bytes('new'));
      expect(await get(cpf)).toEqual(['new']);
    });

    it('forgets an entry after its keepMillis', async () => {
      const [brief, lasting] = [newCpf(), newCpf()];
      await set(brief, bytes('x'), { keepMillis: 50 });
      await set(lasting, bytes('y'));
      await sleep(120);
      expect(await get(brief, lasting)).toEqual([undefined, 'y']);
    });

    it('forgets all entries of an invalidated person, and none of other people', async () => {
      const [ana, bia] = [newCpf(), newCpf()];
      const compra = cacheKey(hash, cachedParts.ultimaCompra, ana);
      await set(ana, bytes('a'));
      await cache.setMany([{ key: compra, value: bytes('k'), generation: '', keepMillis: KEEP_MILLIS }]);
      await set(bia, bytes('b'));
      expect(await cache.invalidate(cacheKeysOf(hash, ana))).toBe(2);
      expect((await cache.getMany([compra]))[0]?.value).toBeUndefined();
      expect(await get(ana, bia)).toEqual([undefined, 'b']);
      expect(await generationOf(bia)).toBe('');
      expect(await cache.invalidate(cacheKeysOf(hash, ana))).toBe(0);
    });

    it('stores no value of a load that began before an invalidation', async () => {
      const cpf = newCpf();
      const before = await generationOf(cpf);
      await cache.invalidate(cacheKeysOf(hash, cpf)); // during the load
      await set(cpf, bytes('old'), { generation: before });
      expect(await get(cpf)).toEqual([undefined]);
      await set(cpf, bytes('new'), { generation: await generationOf(cpf) });
      expect(await get(cpf)).toEqual(['new']);
    });

    it('starts a new generation with each invalidation', async () => {
      const cpf = newCpf();
      await cache.invalidate(cacheKeysOf(hash, cpf));
      const first = await generationOf(cpf);
      await cache.invalidate(cacheKeysOf(hash, cpf));
      expect(await generationOf(cpf)).not.toBe(first);
      await set(cpf, bytes('old'), { generation: first });
      expect(await get(cpf)).toEqual([undefined]);
    });

    it('stores and returns many entries at a time', async () => {
      const cpfs = Array.from({ length: 100 }, newCpf);
      await cache.setMany(
        cpfs.map((cpf) => ({ key: perfilOf(cpf), value: bytes(cpf), generation: '', keepMillis: KEEP_MILLIS })),
      );
      expect(await get(...cpfs)).toEqual(cpfs);
      await cache.invalidate(cpfs.flatMap((cpf) => cacheKeysOf(hash, cpf)));
      expect(await get(...cpfs)).toEqual(cpfs.map(() => undefined));
    });

    it('has the state ok', () => {
      expect(cache.state()).toBe('ok');
    });
  });
}
