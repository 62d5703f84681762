import type { SourceState } from '@pessoa/service/resilience/breaker';
import type { CacheKey } from './cache-key.ts';

/**
 * Bytes by key, for a while. A cache may forget and may fail; neither is ever the caller's error.
 *
 * Each person has a generation, which `invalidate` changes. An entry is kept only if the person still has the generation
 * that was read before the entry's data was: so a load that was under way during an invalidation leaves nothing behind.
 */
export interface Cache {
  /** One for each key, in the order asked; undefined where the cache could not be asked in its time. */
  getMany(keys: readonly CacheKey[]): Promise<(CacheLookup | undefined)[]>;
  /** Resolves when it is done or has failed. Nobody who answers a request needs to wait for it. */
  setMany(entries: readonly CacheEntry[]): Promise<void>;
  /**
   * Deletes the keys and changes the generation of their people.
   * @returns how many of the keys had an entry
   * @throws Error when some may still be there
   */
  invalidate(keys: readonly CacheKey[]): Promise<number>;
  state(): SourceState;
  close(): Promise<void>;
}

export interface CacheLookup {
  /** undefined: it has none. */
  readonly value: Uint8Array | undefined;
  /** True where something was kept that is none of ours; `value` is then undefined. */
  readonly isUnreadable?: boolean;
  /** Of the key's person; empty when nothing was invalidated of late. */
  readonly generation: string;
}

export interface CacheEntry {
  readonly key: CacheKey;
  readonly value: Uint8Array;
  /** What the lookup before the load said. */
  readonly generation: string;
  /** Forgotten after this, at the latest. */
  readonly keepMillis: number;
}

/**
 * How long a changed generation is remembered: longer than any load may take, which is a connection and a statement of at
 * most 60 s each (`BASE_x_ACQUIRE_MILLIS`, `BASE_x_STATEMENT_MILLIS`). Afterwards it is empty again, which equals no
 * generation that a load began with in the meantime.
 */
export const GENERATION_MILLIS = 150_000;
