import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { PublicError } from '@pessoa/domain/errors';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { cachedParts, cacheKey, cacheKeysOf } from '../../src/cache/cache-key.ts';
import { cacheMetrics } from '../../src/cache/cache-metrics.ts';
import type { Cache } from '../../src/cache/cache.ts';
import { centavosCodec, copyCodec, instantCodec } from '../../src/cache/cached-copy.ts';
import { cachedLoads } from '../../src/cache/cached-loads.ts';
import { memoryCache } from '../../src/cache/memory-cache.ts';

interface Copy {
  readonly text: string;
  readonly old: boolean;
}

const [ANA, BIA, CID] = [cpfFromBase('111111112'), cpfFromBase('222222223'), cpfFromBase('333333334')];
const START = Date.parse('2026-11-22T15:00:00Z');
const HOUR = 3_600_000;
const hash = (cpf: Cpf): string => `h${cpf}`;
const part = cachedParts.perfil;
const codec = copyCodec<Copy>(part.version, z.object({ text: z.string(), old: z.boolean() }));
const silent: Cache = {
  getMany: async (keys) => keys.map(() => undefined),
  setMany: () => Promise.reject(new Error('nothing that was not looked up is kept')),
  invalidate: async () => 0,
  state: () => 'fora',
  close: async () => {},
};

/** Notes for how long entries are to be kept. */
function noting(cache: Cache): { cache: Cache; keptMillis: number[] } {
  const keptMillis: number[] = [];
  const setMany: Cache['setMany'] = (entries) => {
    keptMillis.push(...entries.map(({ keepMillis }) => keepMillis));
    return cache.setMany(entries);
  };
  return { cache: { ...cache, setMany }, keptMillis };
}

/** A base that answers when the test lets it, and counts. */
function setUp(
  cache: Cache = memoryCache({ maxBytes: 1_000_000 }),
  { staleMillis = 24 * HOUR, mayBeBehind = false } = {},
) {
  const clock = { at: START, now: () => new Date(clock.at) };
  const asked: (readonly Cpf[])[] = [];
  let answer: (cpf: Cpf) => Copy | undefined | PublicError = (cpf) => ({ text: `of ${cpf}`, old: false });
  let gate: Promise<void> = Promise.resolve();
  const registry = new Registry();
  const load = cachedLoads<Copy>({
    cache,
    metrics: cacheMetrics(registry, cache, 'score'),
    clock,
    cpfHash: hash,
    part,
    codec,
    ttlMillis: HOUR,
    mayBeBehind,
    stale: { maxAgeMillis: staleMillis, mark: (value) => ({ ...value, old: true }) },
    async load(cpfs) {
      asked.push(cpfs);
      const mine = cpfs.map((cpf) => answer(cpf)); // what the base says when it is asked, not when it is done
      await gate;
      const lost = mine.find((one) => one instanceof PublicError && one.code !== 'FONTE_INVALIDA');
      if (lost) throw lost;
      return mine;
    },
  });
  return {
    load,
    cache,
    asked,
    later: (millis: number) => void (clock.at = START + millis),
    baseSays: (next: typeof answer) => void (answer = next),
    baseIsLost: (code: 'FONTE_INDISPONIVEL' | 'FONTE_LENTA') =>
      void (answer = () => new PublicError(code, { fonte: 'score' })),
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    async counts() {
      const { values } = await registry.getSingleMetric('pessoa_cache_requests_total')!.get();
      return Object.fromEntries(values.map(({ labels, value }) => [String(labels['result']), value]));
    },
    put: (cpf: Cpf, bytes: Uint8Array) =>
      cache.setMany([{ key: cacheKey(hash, part, cpf), value: bytes, generation: '', keepMillis: HOUR }]),
  };
}
const of = (cpf: Cpf, old = false): Copy => ({ text: `of ${cpf}`, old });
const lost = (code: string): unknown => expect.objectContaining({ code });

describe('A load with a cache before it', () => {
  it('asks the base once for those it has no copy of, together, and answers in the order asked', async () => {
    const { load, asked, counts } = setUp();
    expect(await load([ANA])).toEqual([of(ANA)]);
    expect(await load([BIA, ANA, CID])).toEqual([of(BIA), of(ANA), of(CID)]);
    expect(await load([ANA, BIA, CID])).toEqual([of(ANA), of(BIA), of(CID)]);
    expect(asked).toEqual([[ANA], [BIA, CID]]);
    expect(await counts()).toEqual({ hit: 4, miss: 3 });
  });

  it('shows a copy until its time is over, then asks again', async () => {
    const { load, asked, later } = setUp();
    await load([ANA]);
    later(HOUR - 1);
    await load([ANA]);
    expect(asked).toHaveLength(1);
    later(HOUR);
    await load([ANA]);
    expect(asked).toHaveLength(2);
  });

  it('has one load of a person under way, whoever asks meanwhile', async () => {
    const { load, asked, hold } = setUp();
    const release = hold();
    const answers = [load([ANA]), load([ANA, BIA]), load([BIA, ANA])];
    await Promise.resolve();
    release();
    expect(await Promise.all(answers)).toEqual([[of(ANA)], [of(ANA), of(BIA)], [of(BIA), of(ANA)]]);
    expect(asked).toEqual([[ANA], [BIA]]);
  });

  it('has one load of a person under way also while the cache is lost', async () => {
    const { load, asked, hold, counts } = setUp(silent);
    const release = hold();
    const answers = Array.from({ length: 20 }, () => load([ANA]));
    await Promise.resolve();
    release();
    for (const answer of await Promise.all(answers)) expect(answer).toEqual([of(ANA)]);
    expect(asked).toEqual([[ANA]]);
    expect(await counts()).toEqual({ error: 20 });
  });

  it('keeps no error, neither of all nor of one person, and nobody the base does not know', async () => {
    const { load, asked, baseSays, baseIsLost } = setUp();
    const invalid = new PublicError('FONTE_INVALIDA', { fonte: 'score' });
    baseSays((cpf) => (cpf === ANA ? invalid : undefined));
    expect(await load([ANA, BIA])).toEqual([invalid, undefined]);
    baseIsLost('FONTE_LENTA');
    expect(await load([ANA])).toEqual([lost('FONTE_LENTA')]);
    baseSays((cpf) => of(cpf));
    expect(await load([ANA, BIA])).toEqual([of(ANA), of(BIA)]);
    expect(asked).toHaveLength(3);
  });

  it('passes a bug on as what it is', async () => {
    const { load, baseSays } = setUp();
    baseSays(() => {
      throw new TypeError('a bug');
    });
    await expect(load([ANA])).rejects.toThrow('a bug');
  });

  it.each(['FONTE_INDISPONIVEL', 'FONTE_LENTA'] as const)('shows a copy past its time, marked, on %s', async (code) => {
    const { load, later, baseIsLost, counts } = setUp();
    await load([ANA]);
    baseIsLost(code);
    later(HOUR);
    expect(await load([ANA, BIA])).toEqual([of(ANA, true), lost(code)]);
    later(24 * HOUR - 1);
    expect(await load([ANA])).toEqual([of(ANA, true)]);
    later(24 * HOUR);
    expect(await load([ANA])).toEqual([lost(code)]);
    expect(await counts()).toEqual({ miss: 3, stale: 2 });
  });

  it('shows no copy in place of an answer that cannot be used', async () => {
    const { load, later, baseSays } = setUp();
    await load([ANA]);
    baseSays(() => new PublicError('FONTE_INVALIDA', { fonte: 'score' }));
    later(HOUR);
    expect(await load([ANA])).toEqual([lost('FONTE_INVALIDA')]);
  });

  it.each([
    [24 * HOUR, 24 * HOUR],
    [60_000, HOUR],
  ])('keeps a copy for as long as it may be needed: stale for %d ms, kept for %d ms', async (staleMillis, kept) => {
    const { cache, keptMillis } = noting(memoryCache({ maxBytes: 1_000_000 }));
    await setUp(cache, { staleMillis }).load([ANA]);
    await Promise.resolve();
    expect(keptMillis).toEqual([kept]);
  });

  it('shows no copy past its time where none is to be', async () => {
    const { load, later, baseIsLost } = setUp(undefined, { staleMillis: 0 });
    await load([ANA]);
    baseIsLost('FONTE_LENTA');
    later(HOUR);
    expect(await load([ANA])).toEqual([lost('FONTE_LENTA')]);
  });

  it('asks the base where the copy is garbage, of another version, of another person or from the future', async () => {
    const valid = (cpf: Cpf, readAt = START): Uint8Array => codec.encode(cpf, { value: of(cpf), readAt })!;
    const version = part.version + 1;
    for (const bytes of [
      Buffer.from('lixo'),
      Buffer.from(''),
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.from('null'),
      Buffer.from(JSON.stringify({ versao: part.version, cpf: ANA, lidoEm: START, valor: { text: 1 } })),
      valid(ANA).subarray(0, 20),
      copyCodec<Copy>(version, z.object({ text: z.string(), old: z.boolean() })).encode(ANA, { value: of(ANA), readAt: START })!, // prettier-ignore
      valid(BIA),
      valid(ANA, START + HOUR),
    ]) {
      const { load, asked, put, counts } = setUp();
      await put(ANA, bytes);
      expect(await load([ANA])).toEqual([of(ANA)]);
      expect(asked).toEqual([[ANA]]);
      expect(await counts()).toEqual({ invalid: 1 });
      await load([ANA]);
      expect(asked).toHaveLength(1); // and it has been replaced
    }
  });

  it('keeps nothing of a load during which the person was invalidated, and joins nobody who comes later to it', async () => {
    const { load, asked, cache, hold, baseSays } = setUp();
    baseSays((cpf) => ({ text: `old ${cpf}`, old: false }));
    const release = hold();
    const before = load([ANA]);
    await Promise.resolve();
    await cache.invalidate(cacheKeysOf(hash, ANA));
    baseSays((cpf) => of(cpf));
    const after = load([ANA]);
    await Promise.resolve();
    release();
    expect((await before)[0]).toMatchObject({ text: `old ${ANA}` });
    expect(await after).toEqual([of(ANA)]);
    expect(await load([ANA])).toEqual([of(ANA)]);
    expect(asked).toHaveLength(2);
  });
});

describe('A load that may be of a replica', () => {
  it('keeps nothing of a person for a while after an invalidation, which the replica may not know of yet', async () => {
    const { load, asked, cache } = setUp(undefined, { mayBeBehind: true });
    await load([ANA]);
    await load([ANA]);
    expect(asked).toHaveLength(1);
    await cache.invalidate(cacheKeysOf(hash, ANA));
    await load([ANA]);
    await load([ANA]);
    expect(asked).toHaveLength(3);
  });
});

describe('A kept value', () => {
  it('is not taken over when it cannot be told from another: the base is asked again', async () => {
    const dates = copyCodec<Date>(1, instantCodec);
    expect(dates.encode(ANA, { value: new Date(Number.NaN), readAt: START })).toBeUndefined();
    const amounts = copyCodec<bigint>(1, centavosCodec);
    for (const value of [0n, -1n, 99_999_999_999_999_999n]) {
      expect(amounts.decode(ANA, amounts.encode(ANA, { value, readAt: START })!)).toEqual({ value, readAt: START });
    }
  });
});
