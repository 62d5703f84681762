import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Keys used once that are remembered, at some 100 bytes each. */
const SEEN_MAX = 10_000;

export interface SecondUseOptions<Value> {
  /** Of all values together, as `bytesOf` has them; a value that is larger is not kept. */
  readonly maxBytes: number;
  readonly bytesOf: (value: Value, key: string) => number;
}

/**
 * Keeps a value when its key is set for the second time: of what is used once, whoever sends how much of it, nothing is
 * kept but a hash. What was used last stays longest.
 */
export class SecondUseStore<Value extends NonNullable<unknown>> {
  readonly #kept: LRUCache<string, Value>;
  readonly #seen = new LRUCache<string, true>({ max: SEEN_MAX });

  constructor({ maxBytes, bytesOf }: SecondUseOptions<Value>) {
    this.#kept = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: (value, key) => Math.max(1, Math.ceil(bytesOf(value, key))),
    });
  }

  get(key: string): Value | undefined {
    return this.#kept.get(key);
  }

  set(key: string, value: Value): void {
    const id = hash('sha256', key, 'base64url');
    if (this.#seen.has(id)) this.#kept.set(key, value);
    else this.#seen.set(id, true);
  }

  delete(key: string): boolean {
    return this.#kept.delete(key);
  }

  clear(): void {
    this.#kept.clear();
  }

  /** Of what is kept. */
  get bytes(): number {
    return this.#kept.calculatedSize;
  }

  /** As Apollo's servers take a cache. */
  asKeyValueCache() {
    return {
      get: async (key: string) => this.get(key),
      set: async (key: string, value: Value) => this.set(key, value),
      delete: async (key: string) => this.delete(key),
      clear: () => this.clear(),
    };
  }
}
