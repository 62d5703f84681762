import { hashSubtree, isEntry, type MapEntry, type Subtree } from './map-entry.ts';
import {
  EMPTY_HEAP,
  encodeNode,
  FIRST_CHILD,
  type Heap,
  nibbleAt,
  type Nodes,
  type ReadNodes,
  readWays,
  type StoredNode,
  WHOLE,
  withChildren,
} from './stored-nodes.ts';

export interface UpdatedMap {
  /** The root of the map that was read. */
  readonly before: Uint8Array;
  readonly root: Uint8Array;
  /** The nodes that are new or have other children than before. */
  readonly nodes: StoredNode[];
}

/**
 * Puts the present entries of people into the map, in place of their older ones.
 *
 * @param entries at most one for each index
 * @param read is called as often as the map is deep, for all people together
 * @throws RangeError for two entries of one index, and for what is no entry; Error for nodes that do not fit together
 */
export async function updateMap(entries: readonly MapEntry[], read: ReadNodes): Promise<UpdatedMap> {
  if (!entries.every(isEntry)) throw new RangeError('An entry has an index and a head of 32 bytes and a count from 1.');
  const byIndex = new Map(entries.map((entry) => [hexOf(entry.index), entry]));
  if (byIndex.size < entries.length) throw new RangeError('Two entries of the map have the same index.');
  const nodes = await readWays([...byIndex.keys()], read);
  const before = hashSubtree(nodes.get('')![WHOLE]);
  const changed = new Map<string, Heap>();
  const placed: Placed[] = [...byIndex].map(([hex, entry]) => ({ hex, entry }));
  const root = placed.length === 0 ? before : hashSubtree(place('', placed, nodes, changed));
  return { before, root, nodes: [...changed].map(([path, heap]) => ({ path, bytes: encodeNode(heap) })) };
}

interface Placed {
  readonly hex: string;
  readonly entry: MapEntry;
}

/** Puts entries into the node of a path, and writes it and those below it that change into `changed`. @returns its subtree */
function place(path: string, entries: readonly Placed[], nodes: Nodes, changed: Map<string, Heap>): Subtree {
  const heap = nodes.get(path) ?? EMPTY_HEAP;
  const byNibble = Map.groupBy(entries, ({ hex }) => nibbleAt(hex, path.length));
  const children = Array.from(byNibble, ([nibble, below]): [number, Subtree] => {
    const child = heap[FIRST_CHILD + nibble];
    const standing = child && 'entry' in child ? { hex: hexOf(child.entry.index), entry: child.entry } : undefined;
    const all = !standing || below.some(({ hex }) => hex === standing.hex) ? below : [standing, ...below];
    const isOne = all.length === 1 && !(child && 'hash' in child);
    const subtree = isOne ? { entry: all[0]!.entry } : place(path + nibble.toString(16), all, nodes, changed);
    return [nibble, subtree];
  });
  const updated = withChildren(heap, children);
  changed.set(path, updated);
  return updated[WHOLE];
}

const hexOf = (index: Uint8Array): string => Buffer.from(index).toString('hex');
