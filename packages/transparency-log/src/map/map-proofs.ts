import { HASH_BYTES, hashChildren, isSameHash } from '../tree/hashes.ts';
import { ProofError } from '../tree/verify-proofs.ts';
import {
  bitAt,
  EMPTY_MAP_ROOT,
  hashEntry,
  hashSubtree,
  INDEX_BITS,
  isEntry,
  type MapEntry,
  type Subtree,
} from './map-entry.ts';
import { FIRST_CHILD, type ReadNodes, readWays, WHOLE } from './stored-nodes.ts';

export interface MapProof {
  /** What the map says of the person; undefined when it says nothing. */
  readonly entry: MapEntry | undefined;
  /** Without an entry: the one that stands where it would be, or undefined when nothing does. */
  readonly other: MapEntry | undefined;
  /** The hashes beside the way, from the entry up to the root. */
  readonly siblings: readonly Uint8Array[];
}

/**
 * Proves what the map says of a person, or that it says nothing.
 *
 * @throws Error for nodes that do not fit together
 */
export async function proveEntry(index: Uint8Array, read: ReadNodes): Promise<MapProof> {
  const hex = Buffer.from(index).toString('hex');
  const nodes = await readWays([hex], read);
  const siblings: Uint8Array[] = [];
  let heap = nodes.get('')!;
  let place = WHOLE;
  for (let depth = 0; isJoined(heap[place]); depth += 1) {
    if (place >= FIRST_CHILD) {
      heap = nodes.get(hex.slice(0, depth / 4))!;
      place = WHOLE;
    }
    place = 2 * place + bitAt(index, depth);
    siblings.unshift(hashSubtree(heap[place ^ 1]));
  }
  const subtree = heap[place];
  const end = subtree && 'entry' in subtree ? subtree.entry : undefined;
  const isFound = end !== undefined && isSameHash(end.index, index);
  return { entry: isFound ? end : undefined, other: isFound ? undefined : end, siblings };
}

/** Whether a subtree has two entries or more. */
const isJoined = (subtree: Subtree): boolean => subtree !== undefined && 'hash' in subtree;

/**
 * Verifies that a map of this root says of this index what the proof says. There is no second proof with another claim: the way
 * to an index is the only one, and ends at one entry or at nothing.
 *
 * @throws ProofError
 */
export function verifyMapProof(index: Uint8Array, root: Uint8Array, { entry, other, siblings }: MapProof): void {
  if ([index, root, ...siblings].some(({ length }) => length !== HASH_BYTES)) {
    throw new ProofError('A hash of the proof has not 32 bytes.');
  }
  if (siblings.length > INDEX_BITS) throw new ProofError('The proof of the map has too many hashes.');
  if (entry && other) throw new ProofError('The proof of the map has two entries.');
  if ([entry, other].some((shown) => shown && !isEntry(shown)))
    throw new ProofError('The proof of the map has an entry that no map has.');
  if (entry && !isSameHash(entry.index, index))
    throw new ProofError('The entry in the proof of the map is of another person.');
  if (other && isSameHash(other.index, index))
    throw new ProofError('The map has an entry of this person, and the proof says that there is none.');
  if (other && !isOnWay(other.index, index, siblings.length)) {
    throw new ProofError('The other entry in the proof of the map is not where that of this person would be.');
  }
  const end = entry ?? other;
  let hash = end ? hashEntry(end) : EMPTY_MAP_ROOT;
  for (const [height, sibling] of siblings.entries()) {
    const isRight = bitAt(index, siblings.length - 1 - height) === 1;
    hash = isRight ? hashChildren(sibling, hash) : hashChildren(hash, sibling);
  }
  if (!isSameHash(hash, root)) throw new ProofError('The proof of the map leads to another root.');
}

/** Whether an entry of this index can stand where the way to another index is after so many bits. */
function isOnWay(index: Uint8Array, other: Uint8Array, bits: number): boolean {
  for (let place = 0; place < bits; place += 1) if (bitAt(index, place) !== bitAt(other, place)) return false;
  return true;
}
