import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import type { Clock } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import { type CacheKey, type CachedPart, cacheKey } from './cache-key.ts';
import type { CacheMetrics } from './cache-metrics.ts';
import type { Cache, CacheEntry, CacheLookup } from './cache.ts';
import type { CachedCopy, CopyCodec } from './cached-copy.ts';

/** One answer for each CPF, in the same order: a value, undefined, or the error of this CPF. Rejects when the whole load fails. */
export type Load<Value> = (cpfs: readonly Cpf[]) => Promise<readonly (Value | undefined | PublicError)[]>;

export interface CachedLoadsOptions<Value> {
  readonly cache: Cache;
  readonly metrics: CacheMetrics;
  readonly clock: Clock;
  readonly cpfHash: CpfHash;
  readonly part: CachedPart;
  readonly codec: CopyCodec<Value>;
  readonly load: Load<Value>;
  /**
   * True when loads may read a replica, which may not have the change behind a recent invalidation yet. Then nothing is cached for
   * that person until the generation is forgotten (`GENERATION_MILLIS`). Default false.
   */
  readonly mayBeBehind?: boolean;
  /** Younger copies answer instead of the base. */
  readonly ttlMillis: number;
  /** Younger copies answer, marked by `mark`, when the base does not. Absent: no copy older than `ttlMillis` answers. */
  readonly stale?: { readonly maxAgeMillis: number; readonly mark: (value: Value) => Value };
}

/** Clocks of two machines may differ this much. A copy from further in the future would stay fresh for too long. */
const CLOCK_TOLERANCE_MILLIS = 60_000;

interface PersonLookup<Value> {
  readonly cpf: Cpf;
  readonly key: CacheKey;
  readonly generation: string | undefined;
  readonly copy: CachedCopy<Value> | undefined;
  readonly result: 'hit' | 'miss' | 'invalid' | 'error';
}

/**
 * Puts a cache before a load. Concurrent callers share one load per person. Answers are cached, except errors and undefined.
 */
export function cachedLoads<Value>(options: CachedLoadsOptions<Value>): Load<Value> {
  const { cache, metrics, clock, codec, ttlMillis, stale, mayBeBehind = false } = options;
  const keepMillis = Math.max(ttlMillis, stale?.maxAgeMillis ?? 0);
  const loadsInProgress = new Map<string, Promise<Value | undefined | PublicError>>();

  function readLookup(cpf: Cpf, key: CacheKey, lookup: CacheLookup | undefined, now: number): PersonLookup<Value> {
    if (!lookup) return { cpf, key, generation: undefined, copy: undefined, result: 'error' };
    const { generation, value } = lookup;
    const copy = value && codec.decode(cpf, value);
    const age = copy ? now - copy.readAt : 0;
    if (lookup.isUnreadable || (value && (!copy || age < -CLOCK_TOLERANCE_MILLIS))) {
      return { cpf, key, generation, copy: undefined, result: 'invalid' };
    }
    return { cpf, key, generation, copy, result: copy && age < ttlMillis ? 'hit' : 'miss' };
  }

  function store(lookups: readonly PersonLookup<Value>[], answers: readonly (Value | undefined | PublicError)[]): void {
    const readAt = clock.now().getTime();
    const entries = lookups.flatMap(({ cpf, key, generation }, index): CacheEntry[] => {
      const value = answers[index];
      if (value === undefined || value instanceof PublicError || generation === undefined) return [];
      if (mayBeBehind && generation !== '') return [];
      const bytes = codec.encode(cpf, { value, readAt });
      return bytes ? [{ key, value: bytes, generation, keepMillis }] : [];
    });
    if (entries.length > 0) void cache.setMany(entries);
  }

  /** Starts one load for the people without a load in progress. */
  function loadAll(lookups: readonly PersonLookup<Value>[]): Promise<Value | undefined | PublicError>[] {
    // A request after an invalidation must not share a load that began before it: the generation is part of the id.
    const loadIdOf = ({ key, generation }: PersonLookup<Value>): string => `${key} ${generation}`;
    const withoutLoad = lookups.filter((lookup) => !loadsInProgress.has(loadIdOf(lookup)));
    const positions = new Map(withoutLoad.map((lookup, index) => [loadIdOf(lookup), index]));
    const batch = [...positions].map(([, index]) => withoutLoad[index] as PersonLookup<Value>);
    if (batch.length > 0) {
      const answers = options.load(batch.map(({ cpf }) => cpf));
      batch.forEach((lookup, index) =>
        loadsInProgress.set(
          loadIdOf(lookup),
          answers.then((all) => all[index]),
        ),
      );
      const end = (): void => batch.forEach((lookup) => loadsInProgress.delete(loadIdOf(lookup)));
      answers.then((all) => {
        end();
        store(batch, all);
      }, end);
    }
    return lookups.map((lookup) => loadsInProgress.get(loadIdOf(lookup)) as Promise<Value | undefined | PublicError>);
  }

  /** @returns the cached copy, if it may answer after this error */
  function staleAnswerAfter(error: PublicError, { copy }: PersonLookup<Value>): Value | undefined {
    const isOutage = error.code === 'FONTE_INDISPONIVEL' || error.code === 'FONTE_LENTA';
    if (!stale || !copy || !isOutage) return undefined;
    return clock.now().getTime() - copy.readAt < stale.maxAgeMillis ? stale.mark(copy.value) : undefined;
  }

  async function answer(lookup: PersonLookup<Value>, load: Promise<Value | undefined | PublicError>) {
    const loadResult = await load.catch((error: unknown) => {
      if (error instanceof PublicError) return error;
      throw error;
    });
    const staleAnswer = loadResult instanceof PublicError ? staleAnswerAfter(loadResult, lookup) : undefined;
    metrics.count(staleAnswer === undefined ? lookup.result : 'stale');
    return staleAnswer ?? loadResult;
  }

  return async (cpfs) => {
    const now = clock.now().getTime();
    const keys = cpfs.map((cpf) => cacheKey(options.cpfHash, options.part, cpf));
    const storedEntries = await cache.getMany(keys);
    const lookups = cpfs.map((cpf, index) => readLookup(cpf, keys[index] as CacheKey, storedEntries[index], now));
    const misses = lookups.filter(({ result }) => result !== 'hit');
    const loading = loadAll(misses);
    const answers = new Map(misses.map((lookup, index) => [lookup, answer(lookup, loading[index]!)]));
    return Promise.all(
      lookups.map((lookup) => {
        if (lookup.result === 'hit') metrics.count('hit');
        return lookup.result === 'hit' ? lookup.copy?.value : answers.get(lookup);
      }),
    );
  };
}
