import { randomBytes } from 'node:crypto';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { cachedParts, cacheKey } from '../../src/cache/cache-key.ts';
import { cacheMetrics } from '../../src/cache/cache-metrics.ts';
import type { Cache } from '../../src/cache/cache.ts';
import { copyCodec } from '../../src/cache/cached-copy.ts';
import { cachedLoads } from '../../src/cache/cached-loads.ts';
import { memoryCache } from '../../src/cache/memory-cache.ts';
import { SEALED_MAX_BYTES, sealedCache } from '../../src/cache/sealed-cache.ts';
import { cacheContract } from './cache-contract.ts';

const SECRET = new Uint8Array(32).fill(1);
const open = () => memoryCache({ maxBytes: 10_000_000 });

cacheContract('sealed memory', async () => sealedCache(open(), SECRET));

const hash = cpfHasher(SECRET);
const [ANA, BIA] = [cpfFromBase('640000001'), cpfFromBase('640000002')];
const [ofAna, ofBia] = [ANA, BIA].map((cpf) => cacheKey(hash, cachedParts.perfil, cpf)) as [never, never];
const compraOfAna = cacheKey(hash, cachedParts.ultimaCompra, ANA);
const VALUE = Buffer.from('{"nome":"Ana Fictícia","renda":"5200.00"}');
const entry = (value: Uint8Array = VALUE, key = ofAna) => ({ key, value, generation: '', keepMillis: 60_000 });
const get = async (cache: Cache, key = ofAna) => (await cache.getMany([key]))[0];

/** The bytes that the cache below the sealed cache stores for Ana. */
async function sealed(value: Uint8Array = VALUE, secret = SECRET): Promise<Uint8Array> {
  const server = open();
  await sealedCache(server, secret).setMany([entry(value)]);
  return (await get(server))!.value!;
}

describe('A sealed value', () => {
  it('shows neither its content nor whether it equals another value', async () => {
    const [first, second] = [await sealed(), await sealed()];
    expect(Buffer.from(first).includes('Ana')).toBe(false);
    expect(Buffer.from(first).equals(second)).toBe(false);
    expect(first.byteLength).toBe(VALUE.byteLength + 29);
    const nonces = await Promise.all(Array.from({ length: 200 }, async () => Buffer.from((await sealed()).subarray(1, 13)).toString('hex'))); // prettier-ignore
    expect(new Set(nonces).size).toBe(200);
  });

  it('opens with the same secret in another cache, for values of every size up to the limit', async () => {
    const server = open();
    for (const value of [Buffer.alloc(0), randomBytes(1), randomBytes(SEALED_MAX_BYTES)]) {
      await sealedCache(server, SECRET).setMany([entry(value)]);
      expect(Buffer.from((await get(sealedCache(server, SECRET)))!.value!).equals(value)).toBe(true);
    }
  });

  it('is not stored when it is too large, and the other values of the call are stored', async () => {
    const server = open();
    await sealedCache(server, SECRET).setMany([entry(randomBytes(SEALED_MAX_BYTES + 1)), entry(VALUE, ofBia)]);
    expect((await get(server))!.value).toBeUndefined();
    expect((await get(sealedCache(server, SECRET), ofBia))!.value).toBeDefined();
  });
});

describe('A miss, said to be unreadable, is what was', () => {
  const flip = (bytes: Uint8Array, at: number): Uint8Array => {
    const changed = Uint8Array.from(bytes);
    changed[at < 0 ? changed.length + at : at]! ^= 1;
    return changed;
  };
  const cases: Record<string, () => Promise<Uint8Array>> = {
    'stored in clear': async () => VALUE,
    empty: async () => new Uint8Array(0),
    'of another version': async () => flip(await sealed(), 0),
    'of another nonce': async () => flip(await sealed(), 5),
    changed: async () => flip(await sealed(), 15),
    'of another tag': async () => flip(await sealed(), -1),
    cut: async () => (await sealed()).subarray(0, -1),
    'cut to its head': async () => (await sealed()).subarray(0, 13),
    'cut at its front': async () => (await sealed()).subarray(1),
    lengthened: async () => Buffer.concat([await sealed(), Buffer.alloc(1)]),
    'sealed with another secret': async () => sealed(VALUE, new Uint8Array(32).fill(2)),
    'longer than the size limit': async () => Buffer.alloc(SEALED_MAX_BYTES + 30, 1),
  };
  it.each(Object.keys(cases))('%s', async (name) => {
    const server = open();
    await server.setMany([entry(await cases[name]!())]);
    expect(await get(sealedCache(server, SECRET))).toEqual({ value: undefined, generation: '', isUnreadable: true });
  });

  it('moved from another person or another part', async () => {
    const server = open();
    const mine = await sealed();
    await server.setMany([entry(mine, ofBia), { ...entry(mine), key: compraOfAna }, entry(mine)]);
    const found = await sealedCache(server, SECRET).getMany([ofBia, compraOfAna, ofAna]);
    expect(found.map((answer) => answer?.isUnreadable)).toEqual([true, true, undefined]);
  });

  it('a missing entry and an unreachable cache do not count as unreadable', async () => {
    expect(await get(sealedCache(open(), SECRET))).toEqual({ value: undefined, generation: '' });
    const lost: Cache = { ...open(), getMany: async (keys) => keys.map(() => undefined) };
    expect(await get(sealedCache(lost, SECRET))).toBeUndefined();
  });

  it('counted as invalid, and replaced by the answer of the base', async () => {
    const server = open();
    const cache = sealedCache(server, SECRET);
    const registry = new Registry();
    const load = cachedLoads<string>({
      cache,
      metrics: cacheMetrics(registry, cache, 'score'),
      clock: { now: () => new Date() },
      cpfHash: hash,
      part: cachedParts.perfil,
      codec: copyCodec(1, z.string()),
      load: async (cpfs) => cpfs.map((cpf) => `base says ${cpf}`),
      ttlMillis: 60_000,
    });
    await server.setMany([entry(Buffer.from('forjado'))]);
    expect(await load([ANA])).toEqual([`base says ${ANA}`]);
    expect(await load([ANA])).toEqual([`base says ${ANA}`]);
    const { values } = await registry.getSingleMetric('pessoa_cache_requests_total')!.get();
    expect(Object.fromEntries(values.map(({ labels, value }) => [labels['result'], value]))).toEqual({ invalid: 1, hit: 1 }); // prettier-ignore
  });
});
