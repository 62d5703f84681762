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
  setMany: () => Promise.reject(new Error('setMany is not called after a failed look-up')),
  invalidate: async () => 0,
  state: () => 'fora',
  close: async () => {},
};

/** Records the keepMillis of all stored entries. */
function recordingKeepMillis(cache: Cache): { cache: Cache; recordedMillis: number[] } {
  const recordedMillis: number[] = [];
  const setMany: Cache['setMany'] = (entries) => {
    recordedMillis.push(...entries.map(({ keepMillis }) => keepMillis));
    return cache.setMany(entries);
  };
  return { cache: { ...cache, setMany }, recordedMillis };
}

/** Cached loads over a base whose answers and delays the test controls. `requests` are the CPFs of each load. */
function setUp(
  cache: Cache = memoryCache({ maxBytes: 1_000_000 }),
  { staleMillis = 24 * HOUR, mayBeBehind = false } = {},
) {
  const clock = { at: START, now: () => new Date(clock.at) };
  const requests: (readonly Cpf[])[] = [];
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
      requests.push(cpfs);
      const answers = cpfs.map((cpf) => answer(cpf)); // the state of the base when the load begins
      await gate;
      const sourceError = answers.find((value) => value instanceof PublicError && value.code !== 'FONTE_INVALIDA');
      if (sourceError) throw sourceError;
      return answers;
    },
  });
  return {
    load,
    cache,
    requests,
    later: (millis: number) => void (clock.at = START + millis),
    baseAnswers: (next: typeof answer) => void (answer = next),
    baseFails: (code: 'FONTE_INDISPONIVEL' | 'FONTE_LENTA') =>
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
const copyOf = (cpf: Cpf, old = false): Copy => ({ text: `of ${cpf}`, old });
const failure = (code: string): unknown => expect.objectContaining({ code });

describe('A cached load', () => {
  it('asks the base in one call for the people without a copy, and answers in the order of the request', async () => {
    const { load, requests, counts } = setUp();
    expect(await load([ANA])).toEqual([copyOf(ANA)]);
    expect(await load([BIA, ANA, CID])).toEqual([copyOf(BIA), copyOf(ANA), copyOf(CID)]);
    expect(await load([ANA, BIA, CID])).toEqual([copyOf(ANA), copyOf(BIA), copyOf(CID)]);
    expect(requests).toEqual([[ANA], [BIA, CID]]);
    expect(await counts()).toEqual({ hit: 4, miss: 3 });
  });

  it('answers with a copy until its ttlMillis are over, then asks the base again', async () => {
    const { load, requests, later } = setUp();
    await load([ANA]);
    later(HOUR - 1);
    await load([ANA]);
    expect(requests).toHaveLength(1);
    later(HOUR);
    await load([ANA]);
    expect(requests).toHaveLength(2);
  });

  it('is shared by concurrent callers for the same person', async () => {
    const { load, requests, hold } = setUp();
    const release = hold();
    const answers = [load([ANA]), load([ANA, BIA]), load([BIA, ANA])];
    await Promise.resolve();
    release();
    expect(await Promise.all(answers)).toEqual([[copyOf(ANA)], [copyOf(ANA), copyOf(BIA)], [copyOf(BIA), copyOf(ANA)]]);
    expect(requests).toEqual([[ANA], [BIA]]);
  });

  it('is shared by concurrent callers while the cache is unreachable too', async () => {
    const { load, requests, hold, counts } = setUp(silent);
    const release = hold();
    const answers = Array.from({ length: 20 }, () => load([ANA]));
    await Promise.resolve();
    release();
    for (const answer of await Promise.all(answers)) expect(answer).toEqual([copyOf(ANA)]);
    expect(requests).toEqual([[ANA]]);
    expect(await counts()).toEqual({ error: 20 });
  });

  it('does not cache an error of the call or of one person, or an unknown person', async () => {
    const { load, requests, baseAnswers, baseFails } = setUp();
    const invalid = new PublicError('FONTE_INVALIDA', { fonte: 'score' });
    baseAnswers((cpf) => (cpf === ANA ? invalid : undefined));
    expect(await load([ANA, BIA])).toEqual([invalid, undefined]);
    baseFails('FONTE_LENTA');
    expect(await load([ANA])).toEqual([failure('FONTE_LENTA')]);
    baseAnswers((cpf) => copyOf(cpf));
    expect(await load([ANA, BIA])).toEqual([copyOf(ANA), copyOf(BIA)]);
    expect(requests).toHaveLength(3);
  });

  it('rethrows a bug unchanged', async () => {
    const { load, baseAnswers } = setUp();
    baseAnswers(() => {
      throw new TypeError('a bug');
    });
    await expect(load([ANA])).rejects.toThrow('a bug');
  });

  it.each(['FONTE_INDISPONIVEL', 'FONTE_LENTA'] as const)('answers with a marked stale copy on %s', async (code) => {
    const { load, later, baseFails, counts } = setUp();
    await load([ANA]);
    baseFails(code);
    later(HOUR);
    expect(await load([ANA, BIA])).toEqual([copyOf(ANA, true), failure(code)]);
    later(24 * HOUR - 1);
    expect(await load([ANA])).toEqual([copyOf(ANA, true)]);
    later(24 * HOUR);
    expect(await load([ANA])).toEqual([failure(code)]);
    expect(await counts()).toEqual({ miss: 3, stale: 2 });
  });

  it('does not answer with a stale copy on FONTE_INVALIDA', async () => {
    const { load, later, baseAnswers } = setUp();
    await load([ANA]);
    baseAnswers(() => new PublicError('FONTE_INVALIDA', { fonte: 'score' }));
    later(HOUR);
    expect(await load([ANA])).toEqual([failure('FONTE_INVALIDA')]);
  });

  it.each([
    [24 * HOUR, 24 * HOUR],
    [60_000, HOUR],
  ])(
    'stores a copy for the longer of its stale time and its ttlMillis: stale for %d ms, stored for %d ms',
    async (staleMillis, keepMillis) => {
      const { cache, recordedMillis } = recordingKeepMillis(memoryCache({ maxBytes: 1_000_000 }));
      await setUp(cache, { staleMillis }).load([ANA]);
      await Promise.resolve();
      expect(recordedMillis).toEqual([keepMillis]);
    },
  );

  it('does not answer with a stale copy when the stale time is 0', async () => {
    const { load, later, baseFails } = setUp(undefined, { staleMillis: 0 });
    await load([ANA]);
    baseFails('FONTE_LENTA');
    later(HOUR);
    expect(await load([ANA])).toEqual([failure('FONTE_LENTA')]);
  });

  it('asks the base when the copy is malformed, of another version, of another person or from the future', async () => {
    const valid = (cpf: Cpf, readAt = START): Uint8Array => codec.encode(cpf, { value: copyOf(cpf), readAt })!;
    const version = part.version + 1;
    for (const bytes of [
      Buffer.from('lixo'),
      Buffer.from(''),
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.from('null'),
      Buffer.from(JSON.stringify({ versao: part.version, cpf: ANA, lidoEm: START, valor: { text: 1 } })),
      valid(ANA).subarray(0, 20),
      copyCodec<Copy>(version, z.object({ text: z.string(), old: z.boolean() })).encode(ANA, { value: copyOf(ANA), readAt: START })!, // prettier-ignore
      valid(BIA),
      valid(ANA, START + HOUR),
    ]) {
      const { load, requests, put, counts } = setUp();
      await put(ANA, bytes);
      expect(await load([ANA])).toEqual([copyOf(ANA)]);
      expect(requests).toEqual([[ANA]]);
      expect(await counts()).toEqual({ invalid: 1 });
      await load([ANA]);
      expect(requests).toHaveLength(1); // the invalid copy has been replaced
    }
  });

  it('is neither cached nor shared with later callers when the person is invalidated during it', async () => {
    const { load, requests, cache, hold, baseAnswers } = setUp();
    baseAnswers((cpf) => ({ text: `old ${cpf}`, old: false }));
    const release = hold();
    const before = load([ANA]);
    await Promise.resolve();
    await cache.invalidate(cacheKeysOf(hash, ANA));
    baseAnswers((cpf) => copyOf(cpf));
    const after = load([ANA]);
    await Promise.resolve();
    release();
    expect((await before)[0]).toMatchObject({ text: `old ${ANA}` });
    expect(await after).toEqual([copyOf(ANA)]);
    expect(await load([ANA])).toEqual([copyOf(ANA)]);
    expect(requests).toHaveLength(2);
  });
});

describe('A cached load that may read a replica', () => {
  it('does not cache a person for a while after an invalidation, because the replica may be behind', async () => {
    const { load, requests, cache } = setUp(undefined, { mayBeBehind: true });
    await load([ANA]);
    await load([ANA]);
    expect(requests).toHaveLength(1);
    await cache.invalidate(cacheKeysOf(hash, ANA));
    await load([ANA]);
    await load([ANA]);
    expect(requests).toHaveLength(3);
  });
});

describe('The codec of a copy', () => {
  it('encodes no invalid date, and decodes amounts as they were encoded', async () => {
    const dates = copyCodec<Date>(1, instantCodec);
    expect(dates.encode(ANA, { value: new Date(Number.NaN), readAt: START })).toBeUndefined();
    const amounts = copyCodec<bigint>(1, centavosCodec);
    for (const value of [0n, -1n, 99_999_999_999_999_999n]) {
      expect(amounts.decode(ANA, amounts.encode(ANA, { value, readAt: START })!)).toEqual({ value, readAt: START });
    }
  });
});
