import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** The most keys that are remembered after their first use; each takes about 100 bytes. */
const USED_ONCE_MAX = 10_000;

export interface SecondUseOptions<Value> {
  /** The most bytes of all values together, as `bytesOf` counts them. A larger value is not stored. */
  readonly maxBytes: number;
  readonly bytesOf: (value: Value, key: string) => number;
}

/**
 * A store that accepts a value when its key is set for the second time. After the first time it remembers only a hash of
 * the key, so that callers cannot fill it with values that are used once. It evicts the least recently used values.
 */
export class SecondUseStore<Value extends NonNullable<unknown>> {
  readonly #values: LRUCache<string, Value>;
  readonly #usedOnce = new LRUCache<string, true>({ max: USED_ONCE_MAX });

  constructor({ maxBytes, bytesOf }: SecondUseOptions<Value>) {
    this.#values = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: (value, key) => Math.max(1, Math.ceil(bytesOf(value, key))),
    });
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    const id = hash('sha256', key, 'base64url');
    if (this.#usedOnce.has(id)) this.#values.set(key, value);
    else this.#usedOnce.set(id, true);
  }

  /** Stores a value whatever the use of its key. */
  put(key: string, value: Value): void {
    this.#values.set(key, value);
  }

  /** The stored values, the most recently used first. */
  values(max: number): Value[] {
    return this.#values.values().take(max).toArray();
  }

  delete(key: string): boolean {
    return this.#values.delete(key);
  }

  clear(): void {
    this.#values.clear();
  }

  /** The bytes of all stored values. */
  get bytes(): number {
    return this.#values.calculatedSize;
  }

  /** The store as a `KeyValueCache` of Apollo Server. */
  asKeyValueCache() {
    return {
      get: async (key: string) => this.get(key),
      set: async (key: string, value: Value) => this.set(key, value),
      delete: async (key: string) => this.delete(key),
      clear: () => this.clear(),
    };
  }
}
