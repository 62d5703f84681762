import type { SourceState } from '@pessoa/service/resilience/breaker';
import type { CacheKey } from './cache-key.ts';

/**
 * Stores bytes by key for a limited time. A cache may lose entries and may fail; the caller never sees an error of either.
 *
 * Each person has a generation, and `invalidate` changes it. The cache stores an entry only if the person's generation is still the
 * one of the lookup before the load. So a load that runs during an invalidation stores nothing.
 */
export interface Cache {
  /** One lookup for each key, in the same order; undefined where the cache did not answer in time. */
  getMany(keys: readonly CacheKey[]): Promise<(CacheLookup | undefined)[]>;
  /** Resolves when the entries are stored or the write failed. A request need not wait for it. */
  setMany(entries: readonly CacheEntry[]): Promise<void>;
  /**
   * Deletes the keys and changes the generation of their people.
   * @returns the number of deleted entries
   * @throws Error when some entries may remain
   */
  invalidate(keys: readonly CacheKey[]): Promise<number>;
  state(): SourceState;
  /** What a cache in this process holds. Absent: it is in another process. */
  size?(): { readonly entries: number; readonly bytes: number };
  close(): Promise<void>;
}

export interface CacheLookup {
  /** Undefined without an entry. */
  readonly value: Uint8Array | undefined;
  /** True for an entry that we did not write, or cannot open. `value` is then undefined. */
  readonly isUnreadable?: boolean;
  /** Generation of the key's person; empty without a recent invalidation. */
  readonly generation: string;
}

export interface CacheEntry {
  readonly key: CacheKey;
  readonly value: Uint8Array;
  /** Generation that the lookup before the load returned. */
  readonly generation: string;
  /** Longest time that the cache keeps the entry, in milliseconds. */
  readonly keepMillis: number;
}

/**
 * How long the cache remembers a changed generation. It is longer than any load: a load takes at most 60 s for a connection and 60 s
 * for a statement (`BASE_x_ACQUIRE_MILLIS`, `BASE_x_STATEMENT_MILLIS`). Afterwards the generation is empty again. A load that began
 * with the changed generation then stores nothing.
 */
export const GENERATION_MILLIS = 150_000;
