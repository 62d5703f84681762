import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import type { Clock } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import { type CacheKey, type CachedPart, cacheKey } from './cache-key.ts';
import type { CacheMetrics } from './cache-metrics.ts';
import type { Cache, CacheEntry, CacheLookup } from './cache.ts';
import type { CachedCopy, CopyCodec } from './cached-copy.ts';

/** One answer for each CPF, in the order asked; undefined is not kept. Rejects when all are lost. */
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
   * True when a load may be of a replica, a little behind its base: then nothing is kept of a person for a while after an
   * invalidation, which the replica may not know of yet. Default false.
   */
  readonly mayBeBehind?: boolean;
  /** A copy this young is as good as the base. */
  readonly ttlMillis: number;
  /** A copy this young is shown when the base does not answer. Absent: never past `ttlMillis`. */
  readonly stale?: { readonly maxAgeMillis: number; readonly mark: (value: Value) => Value };
}

/** Clocks of two machines differ; a copy from further ahead would stay fresh for too long. */
const CLOCK_TOLERANCE_MILLIS = 60_000;

interface Looked<Value> {
  readonly cpf: Cpf;
  readonly key: CacheKey;
  readonly generation: string | undefined;
  readonly copy: CachedCopy<Value> | undefined;
  readonly result: 'hit' | 'miss' | 'invalid' | 'error';
}

/**
 * A load with a cache before it. Of each person one load at a time is under way in this process, whoever waits for it; what
 * comes is kept, but for errors and undefined.
 */
export function cachedLoads<Value>(options: CachedLoadsOptions<Value>): Load<Value> {
  const { cache, metrics, clock, codec, ttlMillis, stale, mayBeBehind = false } = options;
  const keepMillis = Math.max(ttlMillis, stale?.maxAgeMillis ?? 0);
  const underWay = new Map<string, Promise<Value | undefined | PublicError>>();

  function look(cpf: Cpf, key: CacheKey, lookup: CacheLookup | undefined, now: number): Looked<Value> {
    if (!lookup) return { cpf, key, generation: undefined, copy: undefined, result: 'error' };
    const { generation, value } = lookup;
    const copy = value && codec.decode(cpf, value);
    const age = copy ? now - copy.readAt : 0;
    if (lookup.isUnreadable || (value && (!copy || age < -CLOCK_TOLERANCE_MILLIS))) {
      return { cpf, key, generation, copy: undefined, result: 'invalid' };
    }
    return { cpf, key, generation, copy, result: copy && age < ttlMillis ? 'hit' : 'miss' };
  }

  function keep(wanted: readonly Looked<Value>[], answers: readonly (Value | undefined | PublicError)[]): void {
    const readAt = clock.now().getTime();
    const entries = wanted.flatMap(({ cpf, key, generation }, index): CacheEntry[] => {
      const value = answers[index];
      if (value === undefined || value instanceof PublicError || generation === undefined) return [];
      if (mayBeBehind && generation !== '') return [];
      const bytes = codec.encode(cpf, { value, readAt });
      return bytes ? [{ key, value: bytes, generation, keepMillis }] : [];
    });
    if (entries.length > 0) void cache.setMany(entries);
  }

  /** Starts one load for those of whom none is under way. */
  function loadAll(wanted: readonly Looked<Value>[]): Promise<Value | undefined | PublicError>[] {
    // A load that began before an invalidation is none that this request may wait for.
    const idOf = ({ key, generation }: Looked<Value>): string => `${key} ${generation}`;
    const fresh = wanted.filter((one) => !underWay.has(idOf(one)));
    const positions = new Map(fresh.map((one, index) => [idOf(one), index]));
    const batch = [...positions].map(([, index]) => fresh[index] as Looked<Value>);
    if (batch.length > 0) {
      const answers = options.load(batch.map(({ cpf }) => cpf));
      batch.forEach((one, index) =>
        underWay.set(
          idOf(one),
          answers.then((all) => all[index]),
        ),
      );
      const end = (): void => batch.forEach((one) => underWay.delete(idOf(one)));
      answers.then((all) => {
        end();
        keep(batch, all);
      }, end);
    }
    return wanted.map((one) => underWay.get(idOf(one)) as Promise<Value | undefined | PublicError>);
  }

  /** The copy, if it may stand for what the base did not say. */
  function inPlaceOf(lost: PublicError, { copy }: Looked<Value>): Value | undefined {
    const isLost = lost.code === 'FONTE_INDISPONIVEL' || lost.code === 'FONTE_LENTA';
    if (!stale || !copy || !isLost) return undefined;
    return clock.now().getTime() - copy.readAt < stale.maxAgeMillis ? stale.mark(copy.value) : undefined;
  }

  async function answer(one: Looked<Value>, loading: Promise<Value | undefined | PublicError>) {
    const loaded = await loading.catch((error: unknown) => {
      if (error instanceof PublicError) return error;
      throw error;
    });
    const copy = loaded instanceof PublicError ? inPlaceOf(loaded, one) : undefined;
    metrics.count(copy === undefined ? one.result : 'stale');
    return copy ?? loaded;
  }

  return async (cpfs) => {
    const now = clock.now().getTime();
    const keys = cpfs.map((cpf) => cacheKey(options.cpfHash, options.part, cpf));
    const lookups = await cache.getMany(keys);
    const looked = cpfs.map((cpf, index) => look(cpf, keys[index] as CacheKey, lookups[index], now));
    const wanted = looked.filter(({ result }) => result !== 'hit');
    const loading = loadAll(wanted);
    const answers = new Map(wanted.map((one, index) => [one, answer(one, loading[index]!)]));
    return Promise.all(
      looked.map((one) => {
        if (one.result === 'hit') metrics.count('hit');
        return one.result === 'hit' ? one.copy?.value : answers.get(one);
      }),
    );
  };
}
