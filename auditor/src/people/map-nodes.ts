import { StoredNodeError } from '@pessoa/transparency-log/map/stored-node-error';
import type { ReadNodes, StoredNode } from '@pessoa/transparency-log/map/stored-nodes';
import type { ClientBase, Pool } from 'pg';
import { ContradictionError } from '../contradiction-error.ts';
import { named } from '../named-statement.ts';

const READ = `
  SELECT wanted.path, node.children
  FROM unnest($1::text[]) AS wanted (path)
  CROSS JOIN LATERAL (
    SELECT n.children FROM transparency.map_node n
    WHERE n.path = wanted.path AND n.version <= $2 ORDER BY n.version DESC LIMIT 1) node`;

/** Reads the nodes of the map as it was in the tree of this size. They are there for the two newest checkpoints and later trees. */
export const nodesAt =
  (db: Pool | ClientBase, size: number): ReadNodes =>
  async (paths) => {
    if (paths.length === 0) return new Map();
    const { rows } = await db.query<{ path: string; children: Buffer }>(named(READ, [paths, size]));
    return new Map(rows.map(({ path, children }) => [path, children]));
  };

/** @throws ContradictionError in place of StoredNodeError */
export const ofWholeMap = <T>(read: Promise<T>): Promise<T> =>
  read.catch((error: unknown) => {
    if (!(error instanceof StoredNodeError)) throw error;
    throw new ContradictionError('the stored map of people is not whole', { cause: error });
  });

/** @param size of the tree with which the nodes come; older nodes of the same paths are stale from then on */
export async function storeNodes(db: ClientBase, nodes: readonly StoredNode[], size: number): Promise<void> {
  if (nodes.length === 0) return;
  const paths = nodes.map(({ path }) => path);
  await db.query(
    `INSERT INTO transparency.stale_map_node (since, path, version)
     SELECT $2, added.path, node.version FROM unnest($1::text[]) AS added (path)
     CROSS JOIN LATERAL (
       SELECT n.version FROM transparency.map_node n WHERE n.path = added.path ORDER BY n.version DESC LIMIT 1) node`,
    [paths, size],
  );
  await db.query(
    `INSERT INTO transparency.map_node (path, version, children)
     SELECT added.path, $3, added.children FROM unnest($1::text[], $2::bytea[]) AS added (path, children)`,
    [paths, nodes.map(({ bytes }) => bytes), size],
  );
}

/** A batch of records replaces some 8,000 nodes, and two batches may come between two checkpoints. */
const PRUNED_MAX = 20_000;

/** Deletes stale nodes that neither the newest checkpoint nor the one before needs: whoever makes a proof has read one of these. */
export async function pruneNodes(db: ClientBase): Promise<void> {
  await db.query(
    `WITH pruned AS (
       DELETE FROM transparency.stale_map_node WHERE (since, path) IN (
         SELECT since, path FROM transparency.stale_map_node
         WHERE since <= (SELECT size FROM transparency.checkpoint ORDER BY size DESC OFFSET 1 LIMIT 1)
         ORDER BY since, path LIMIT ${PRUNED_MAX})
       RETURNING path, version)
     DELETE FROM transparency.map_node n USING pruned WHERE n.path = pruned.path AND n.version = pruned.version`,
  );
}
