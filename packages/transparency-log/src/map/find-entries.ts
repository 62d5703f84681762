import { isSameHash } from '../tree/hashes.ts';
import { hashSubtree, type MapEntry, type Subtree } from './map-entry.ts';
import { type Nodes, placeOf, type ReadNodes, readWays, WHOLE } from './stored-nodes.ts';

/**
 * The present entries of people, in the order of the indices; undefined where the map has none.
 *
 * @throws Error for nodes that do not fit together
 */
export async function findEntries(indices: readonly Uint8Array[], read: ReadNodes): Promise<(MapEntry | undefined)[]> {
  const nodes = await readWays(indices.map(hexOf), read);
  return indices.map((index) => {
    const end = endOf(hexOf(index), nodes);
    return end && 'entry' in end && isSameHash(end.entry.index, index) ? end.entry : undefined;
  });
}

/** The root of a stored map. */
export async function mapRoot(read: ReadNodes): Promise<Uint8Array> {
  const nodes = await readWays([], read);
  return hashSubtree(nodes.get('')![WHOLE]);
}

/** Where the way to an index ends: nothing, or an entry. */
function endOf(index: string, nodes: Nodes): Subtree {
  let depth = 0;
  let child = nodes.get('')![placeOf(index, 0)];
  while (child && 'hash' in child) {
    depth += 1;
    child = nodes.get(index.slice(0, depth))![placeOf(index, depth)];
  }
  return child;
}

const hexOf = (index: Uint8Array): string => Buffer.from(index).toString('hex');
