import { HASH_BYTES, isSameHash } from '../tree/hashes.ts';
import {
  decodeEntry,
  encodeEntry,
  ENTRY_BYTES,
  hashSubtree,
  isEntry,
  joinSubtrees,
  type Subtree,
} from './map-entry.ts';
import { StoredNodeError } from './stored-node-error.ts';

/** Four levels of the map. */
export interface StoredNode {
  /** The first nibbles of the indices below it, as hex digits; '' is the root. */
  readonly path: string;
  /** Its 16 children. */
  readonly bytes: Uint8Array;
}

/** Reads the newest nodes of these paths; a path without a node is left out. */
export type ReadNodes = (paths: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>;

/**
 * The four levels as a heap of 32: the halves of the subtree at `place` are at 2 · `place` and 2 · `place` + 1. At 1 is the whole, and at
 * 16 to 31 are the children, by the next nibble. A child with two or more entries is a stored node itself.
 */
export type Heap = readonly Subtree[];

/** The place of the whole in a heap, and that of the first child. */
export const WHOLE = 1;
export const FIRST_CHILD = 16;

export const EMPTY_HEAP: Heap = Array.from({ length: 2 * FIRST_CHILD }, () => undefined);

/** The heap with other children, by their nibbles. */
export function withChildren(heap: Heap, children: Iterable<readonly [nibble: number, child: Subtree]>): Heap {
  const changed = [...heap];
  let places = new Set<number>();
  for (const [nibble, child] of children) {
    changed[FIRST_CHILD + nibble] = child;
    places.add((FIRST_CHILD + nibble) >> 1);
  }
  while (places.size > 0) {
    for (const place of places) changed[place] = joinSubtrees(changed[2 * place], changed[2 * place + 1]);
    places = new Set([...places].map((place) => place >> 1).filter((place) => place >= WHOLE));
  }
  return changed;
}

/** The kinds of children, and how many bytes follow the one of the kind. */
const NOTHING = 0;
const ENTRY = 1;
const NODE = 2;
const BYTES_OF_KIND = [0, ENTRY_BYTES, HASH_BYTES];

/** Each child is one byte for its kind, and then nothing, its entry, or its hash. */
export const encodeNode = (heap: Heap): Uint8Array =>
  Buffer.concat(
    heap.slice(FIRST_CHILD).flatMap((child) => {
      if (!child) return [Buffer.of(NOTHING)];
      return 'entry' in child ? [Buffer.of(ENTRY), encodeEntry(child.entry)] : [Buffer.of(NODE), child.hash];
    }),
  );

/** @throws StoredNodeError for bytes that `encodeNode` does not write */
function decodeNode({ path, bytes }: StoredNode): Heap {
  const children: Subtree[] = [];
  let place = 0;
  while (place < bytes.length) {
    const kind = bytes[place]!;
    const length = BYTES_OF_KIND[kind] ?? Infinity;
    const content = bytes.subarray(place + 1, place + 1 + length);
    if (content.length !== length) throw unreadable(path);
    if (kind === ENTRY) children.push({ entry: decodeEntry(content) });
    else children.push(kind === NODE ? { hash: content } : undefined);
    place += 1 + length;
  }
  const isRight = children.every((child) => !child || 'hash' in child || isEntry(child.entry));
  if (children.length !== FIRST_CHILD || !isRight) throw unreadable(path);
  return withChildren(EMPTY_HEAP, children.entries());
}

const unreadable = (path: string): Error => new StoredNodeError(`The stored node "${path}" of the map cannot be read.`);

/** The nodes on the way to some indices, by path. */
export type Nodes = Map<string, Heap>;

/**
 * Reads the stored nodes on the way to these indices, one level at a time.
 *
 * @param indices in hex
 * @throws StoredNodeError
 */
export async function readWays(indices: readonly string[], read: ReadNodes): Promise<Nodes> {
  const nodes: Nodes = new Map();
  let wanted = new Map<string, Subtree>([['', undefined]]);
  for (let depth = 0; wanted.size > 0; depth += 1) {
    const stored = await read([...wanted.keys()]);
    for (const [path, expected] of wanted) {
      const bytes = stored.get(path);
      const heap = bytes ? decodeNode({ path, bytes }) : EMPTY_HEAP;
      if (expected && !isSameHash(hashSubtree(heap[WHOLE]), hashSubtree(expected))) {
        throw new StoredNodeError(
          `The stored node "${path}" of the map is ${bytes ? 'not what the node above it says' : 'missing'}.`,
        );
      }
      nodes.set(path, heap);
    }
    wanted = new Map();
    for (const index of indices) {
      const child = nodes.get(index.slice(0, depth))?.[placeOf(index, depth)];
      if (child && 'hash' in child) wanted.set(index.slice(0, depth + 1), child);
    }
  }
  return nodes;
}

/** @param index in hex */
export const nibbleAt = (index: string, depth: number): number => Number.parseInt(index[depth]!, 16);

/** The place in a heap of the child on the way to an index. */
export const placeOf = (index: string, depth: number): number => FIRST_CHILD + nibbleAt(index, depth);
