import { EMPTY_ROOT, hashChildren, hashLeaf } from '../../src/tree/hashes.ts';
import type { ReadTiles } from '../../src/tree/tree-proofs.ts';
import { HASH_BYTES } from '../../src/tree/hashes.ts';

/** What every leaf has that a test does not name. */
export const OTHER_LEAF = hashLeaf(Buffer.from('another leaf'));

/**
 * The definitions of RFC 6962, section 2.1, word for word, over a tree of any size: most leaves are equal, so that their
 * subtrees are computed once.
 */
export class NaiveTree {
  readonly #named: ReadonlyMap<number, Uint8Array>;
  readonly #places: readonly number[];
  readonly #known = new Map<string, Uint8Array>();

  constructor(named: Iterable<readonly [number, Uint8Array]>) {
    this.#named = new Map(named);
    this.#places = [...this.#named.keys()].toSorted((one, other) => one - other);
  }

  /** MTH(D[start:end]) */
  hash(start: number, end: number): Uint8Array {
    const count = end - start;
    if (count === 0) return EMPTY_ROOT;
    if (count === 1) return this.#named.get(start) ?? OTHER_LEAF;
    const key = this.#hasNamed(start, end) ? `${start}-${end}` : String(count);
    const known = this.#known.get(key);
    if (known) return known;
    const k = largestPowerBelow(count);
    const hash = hashChildren(this.hash(start, start + k), this.hash(start + k, end));
    this.#known.set(key, hash);
    return hash;
  }

  /** PATH(m, D[start:end]) */
  path(m: number, start: number, end: number): Uint8Array[] {
    const count = end - start;
    if (count === 1) return [];
    const k = largestPowerBelow(count);
    return m < k
      ? [...this.path(m, start, start + k), this.hash(start + k, end)]
      : [...this.path(m - k, start + k, end), this.hash(start, start + k)];
  }

  /** SUBPROOF(m, D[start:end], b) */
  subproof(m: number, start: number, end: number, b: boolean): Uint8Array[] {
    const count = end - start;
    if (m === count) return b ? [] : [this.hash(start, end)];
    const k = largestPowerBelow(count);
    return m <= k
      ? [...this.subproof(m, start, start + k, b), this.hash(start + k, end)]
      : [...this.subproof(m - k, start + k, end, false), this.hash(start, start + k)];
  }

  /** Reads tiles by the definition of C2SP tlog-tiles, exactly as wide as asked. */
  readonly readTiles: ReadTiles = async (ids) =>
    ids.map(({ level, index, width }) => {
      const span = 256 ** level;
      const hashes = Array.from({ length: width }, (_, place) => {
        const start = (index * 256 + place) * span;
        return this.hash(start, start + span);
      });
      return { level, index, width, hashes: new Uint8Array(Buffer.concat(hashes, width * HASH_BYTES)) };
    });

  #hasNamed(start: number, end: number): boolean {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#places[middle]! < start) low = middle + 1;
      else high = middle;
    }
    return low < this.#places.length && this.#places[low]! < end;
  }
}

/** A tree whose leaves all differ. */
export const denseTree = (size: number): { tree: NaiveTree; leaves: Uint8Array[] } => {
  const leaves = Array.from({ length: size }, (_, index) => hashLeaf(Buffer.from(`leaf ${index}`)));
  return { tree: new NaiveTree(leaves.entries()), leaves };
};

function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
