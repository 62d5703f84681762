/**
 * A small, fast pseudo-random generator (sfc32). Its seeds are numbers, so each aspect of each person can have a sequence of
 * its own, which does not depend on the people generated before.
 */
export class Prng {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(...seeds: readonly number[]) {
    let state = 0x9e3779b9;
    for (const seed of seeds) state = mix(state ^ mix(seed | 0) ^ mix(Math.floor(seed / 0x1_0000_0000)));
    this.#a = mix(state + 1);
    this.#b = mix(state + 2);
    this.#c = mix(state + 3);
    for (let i = 0; i < 8; i++) this.next();
  }

  /** 0 to 4294967295. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** 0 (included) to 1 (excluded). */
  fraction(): number {
    return this.next() / 0x1_0000_0000;
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.fraction() * items.length)] as T;
  }

  /** One of `items`, each as likely as its weight. */
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T {
    let total = 0;
    for (const [, weight] of items) total += weight;
    let remaining = this.fraction() * total;
    for (const [item, weight] of items) {
      remaining -= weight;
      if (remaining < 0) return item;
    }
    return (items.at(-1) as readonly [T, number])[0];
  }

  /** Around `median`; about two in three lie between median / e^spread and median * e^spread. */
  logNormal(median: number, spread: number): number {
    const normal = this.fraction() + this.fraction() + this.fraction() + this.fraction() - 2;
    return median * Math.exp(normal * Math.SQRT1_2 * Math.sqrt(6) * spread);
  }
}

/** A permutation of the 32-bit integers that scatters neighbours (the finaliser of MurmurHash3). */
export function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
