import { createHash } from 'node:crypto';
import type { MapEntry } from '../../src/map/map-entry.ts';
import type { ReadNodes, StoredNode } from '../../src/map/stored-nodes.ts';

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The definition of the map, word for word, over a list of all its entries. */
export class NaiveMap {
  readonly #entries: readonly Leaf[];

  constructor(entries: readonly MapEntry[]) {
    this.#entries = entries.map((entry) => ({ ...entry, bits: bitsOf(entry.index) }));
  }

  get root(): Uint8Array {
    return rootOf(this.#entries, 0);
  }

  /** The hashes beside the way to an index, from its end up. */
  siblings(index: Uint8Array): Uint8Array[] {
    const siblings: Uint8Array[] = [];
    const bits = bitsOf(index);
    let entries = this.#entries;
    for (let depth = 0; entries.length > 1; depth += 1) {
      const other = bits[depth] === '0' ? '1' : '0';
      siblings.unshift(rootOf(half(entries, depth, other), depth + 1));
      entries = half(entries, depth, bits[depth]!);
    }
    return siblings;
  }
}

interface Leaf extends MapEntry {
  readonly bits: string;
}

const half = (entries: readonly Leaf[], depth: number, bit: string): Leaf[] =>
  entries.filter(({ bits }) => bits[depth] === bit);

function rootOf(entries: readonly Leaf[], depth: number): Uint8Array {
  const [first, ...others] = entries;
  if (!first) return Buffer.alloc(32);
  if (others.length === 0) return leafOf(first);
  const left = rootOf(half(entries, depth, '0'), depth + 1);
  const right = rootOf(half(entries, depth, '1'), depth + 1);
  return sha256(Buffer.concat([Buffer.of(1), left, right]));
}

function leafOf({ index, count, head }: MapEntry): Uint8Array {
  const number = Buffer.from(count.toString(16).padStart(16, '0'), 'hex');
  return sha256(Buffer.concat([Buffer.of(0), index, number, head]));
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const bitsOf = (index: Uint8Array): string => [...index].map((byte) => byte.toString(2).padStart(8, '0')).join('');

/** Nodes in memory, as a database stores them. */
export class MemoryNodes {
  readonly nodes = new Map<string, Uint8Array>();
  /** The paths of each call of `read`. */
  readonly calls: (readonly string[])[] = [];

  readonly read: ReadNodes = async (paths) => {
    this.calls.push(paths);
    return new Map(paths.flatMap((path) => (this.nodes.has(path) ? [[path, this.nodes.get(path)!]] : [])));
  };

  write(nodes: readonly StoredNode[]): void {
    for (const { path, bytes } of nodes) this.nodes.set(path, bytes);
  }
}
