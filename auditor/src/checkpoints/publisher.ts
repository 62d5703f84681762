import type { Logger } from '@pessoa/service/logging/logger';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { type CheckpointMap, formatMapLine, mapOf } from '@pessoa/transparency-log/checkpoints/map-extension';
import { mapRoot as rootOfMap } from '@pessoa/transparency-log/map/find-entries';
import {
  ed25519Verifier,
  NoteError,
  type NoteSigner,
  openNote,
  signNote,
} from '@pessoa/transparency-log/notes/signed-note';
import { isSameHash } from '@pessoa/transparency-log/tree/hashes';
import { consistencyProof, treeRoot } from '@pessoa/transparency-log/tree/tree-proofs';
import type { ClientBase, Pool } from 'pg';
import { ContradictionError } from '../contradiction-error.ts';
import { nodesAt, ofWholeMap } from '../people/map-nodes.ts';
import { readTiles, type StoredTree } from '../tree/stored-tree.ts';
import { latestCheckpoint, publishCheckpoint } from './published-checkpoints.ts';
import type { Quorum } from './quorum.ts';

/** Time between two checkpoints, and after a failure to the next try. */
const INTERVAL_MILLIS = 500;

/** Publishes checkpoints of a tree that grows. */
export interface Publisher {
  /**
   * Publishes a checkpoint of the tree when it has grown, at most twice a second. The tree must be committed: what is signed can
   * then not be rolled back, so there is one tree of each size under a signature.
   *
   * @returns false when the last try failed, because fewer witnesses than the quorum cosigned
   * @throws ContradictionError when a witness has seen another history
   */
  publish(tree: StoredTree): Promise<boolean>;
  publishedSize(): number;
}

export interface PublisherOptions {
  readonly signer: NoteSigner;
  /** The public key by which a CPF becomes an index of the map. */
  readonly vrfPublicKey: Uint8Array;
  readonly quorum: Quorum;
  /** Reads the tiles of proofs for witnesses: several at once, and late ones too. */
  readonly readers: Pool;
  readonly logger: Logger;
}

/**
 * @param db the session of the leader, which writes
 * @throws ContradictionError when the newest published checkpoint is not of this tree and its map, or not of these keys
 */
export async function createPublisher(
  db: ClientBase,
  tree: StoredTree,
  { signer, vrfPublicKey, quorum, readers, logger }: PublisherOptions,
): Promise<Publisher> {
  let publishedSize = await checkedSize(db, tree, signer, vrfPublicKey);
  let nextAt = 0;
  let isWell = true;

  async function cosigned({ size, root, mapRoot }: StoredTree): Promise<string> {
    const proveSince = (oldSize: number) => consistencyProof(oldSize, size, (ids) => readTiles(readers, ids));
    const extensions = [formatMapLine({ vrfPublicKey, root: mapRoot })];
    const checkpoint = formatCheckpoint({ origin: signer.name, size, root, extensions });
    return quorum.cosign(signNote(checkpoint, [signer]), size, proveSince);
  }

  return {
    async publish(current) {
      if (current.size === publishedSize || performance.now() < nextAt) return isWell;
      nextAt = performance.now() + INTERVAL_MILLIS;
      const note = await cosigned(current).catch((err: unknown) => {
        if (err instanceof ContradictionError) throw err;
        if (isWell) logger.error({ err }, 'a checkpoint of the audit does not count yet');
        return undefined;
      });
      isWell = note !== undefined;
      if (note === undefined) return false;
      await publishCheckpoint(db, { size: current.size, note });
      publishedSize = current.size;
      return true;
    },
    publishedSize: () => publishedSize,
  };
}

/** @returns the size of the newest checkpoint; 0 without one */
async function checkedSize(
  db: ClientBase,
  tree: StoredTree,
  signer: NoteSigner,
  vrfPublicKey: Uint8Array,
): Promise<number> {
  const published = await latestCheckpoint(db);
  if (!published) return 0;
  const { size, root, map } = checkpointOf(published.note, signer);
  if (size > tree.size) throw new ContradictionError(`a checkpoint of ${size} records is published, and the tree has ${tree.size}`); // prettier-ignore
  const rootThen = await treeRoot(size, (ids) => readTiles(db, ids));
  if (!Buffer.from(rootThen).equals(root))
    throw new ContradictionError(`the published checkpoint of ${size} records is not of the tree of the database`);
  if (!map) return size; // it was published before there was a map
  if (!isSameHash(map.vrfPublicKey, vrfPublicKey))
    throw new ContradictionError('the published checkpoint has another key of people than ours');
  if (!isSameHash(map.root, await ofWholeMap(rootOfMap(nodesAt(db, size)))))
    throw new ContradictionError(`the published checkpoint of ${size} records is not of the map of the database`);
  return size;
}

function checkpointOf(note: string, signer: NoteSigner): Checkpoint & { readonly map: CheckpointMap | undefined } {
  try {
    const checkpoint = parseCheckpoint(openNote(note, [ed25519Verifier(signer)]).text);
    return { ...checkpoint, map: mapOf(checkpoint) };
  } catch (cause) {
    if (!(cause instanceof NoteError)) throw cause;
    throw new ContradictionError('the newest published checkpoint is not signed with the key of this log', { cause });
  }
}
