import { parseCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { noteText } from '@pessoa/transparency-log/notes/signed-note';
import { hashLeaf } from '@pessoa/transparency-log/tree/hashes';
import { TILE_WIDTH } from '@pessoa/transparency-log/tree/tiles';
import { inclusionProofs } from '@pessoa/transparency-log/tree/tree-proofs';
import { verifyInclusion } from '@pessoa/transparency-log/tree/verify-proofs';
import type { ClientBase, Pool } from 'pg';
import type { PublishedCheckpoint } from '../checkpoints/published-checkpoints.ts';
import type { ReadStoredTiles } from '../tree/stored-tree.ts';

export interface PlacedEntry {
  readonly place: number;
  readonly entry: Uint8Array;
}

/**
 * Proves that entries are in the tree of a checkpoint, in their order. Kept tiles may be of before somebody repaired or restored the tables: when a
 * proof does not lead to the root of the checkpoint, all are made again of the tiles as they are now. What leads elsewhere then too is for the
 * check of the log, and for whoever verifies.
 */
export async function provePlaces(
  db: Pool | ClientBase,
  entries: readonly PlacedEntry[],
  checkpoint: PublishedCheckpoint,
  readTiles: ReadStoredTiles,
): Promise<Uint8Array[][]> {
  const places = entries.map(({ place }) => place);
  const proofs = await inclusionProofs(places, checkpoint.size, (ids) => readTiles(db, ids));
  if (doLeadTo(checkpoint, entries, proofs)) return proofs;
  return inclusionProofs(places, checkpoint.size, (ids) => readTiles(db, ids, 'now'));
}

/** Whether a proof of each tile leads to the root: it depends on all that the tile and those above it have. */
function doLeadTo(
  { size, note }: PublishedCheckpoint,
  entries: readonly PlacedEntry[],
  proofs: readonly Uint8Array[][],
): boolean {
  const byTile = new Map(entries.map(({ place }, at) => [Math.floor(place / TILE_WIDTH), at]));
  try {
    const { root } = parseCheckpoint(noteText(note));
    for (const at of byTile.values()) {
      const { place, entry } = entries[at]!;
      verifyInclusion({ leafHash: hashLeaf(entry), index: place, size, proof: proofs[at]!, root });
    }
    return true;
  } catch {
    return false; // a ProofError, or a note that is none
  }
}
