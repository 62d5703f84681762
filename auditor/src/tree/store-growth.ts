import type { UpdatedMap } from '@pessoa/transparency-log/map/update-map';
import type { Tile } from '@pessoa/transparency-log/tree/tiles';
import { inTransaction } from '@pessoa/postgres/in-transaction';
import type { ClientBase } from 'pg';
import type { NewLeaf } from '../people/chain-records.ts';
import { storeNodes } from '../people/map-nodes.ts';
import { storeIndices } from '../people/person-indices.ts';
import type { StoredTree } from './stored-tree.ts';

/** What a batch of records changes. */
export interface Growth {
  readonly size: number;
  readonly root: Uint8Array;
  readonly tiles: readonly Tile[];
  readonly leaves: readonly NewLeaf[];
  readonly map: UpdatedMap;
  /** The indices of people who had none, by hash. */
  readonly people: ReadonlyMap<string, Uint8Array>;
  /** The positions of what need not wait any more. */
  readonly done: readonly string[];
}

/** The tree of the database is not the one that its writer began with. */
export class TreeMovedError extends Error {}

/**
 * Stores a growth of `tree`, all or nothing.
 *
 * @throws TreeMovedError when the stored tree is not `tree` any more
 */
export async function storeGrowth(db: ClientBase, tree: StoredTree, growth: Growth): Promise<void> {
  await inTransaction(db, async () => {
    if (growth.leaves.length > 0) await addLeaves(db, tree, growth);
    await db.query('DELETE FROM transparency.pending WHERE position = ANY ($1::bigint[])', [growth.done]);
  });
}

async function addLeaves(db: ClientBase, tree: StoredTree, growth: Growth): Promise<void> {
  const { size, root, tiles, leaves, map, people } = growth;
  const { rowCount } = await db.query(
    `UPDATE transparency.tree SET size = $1, root = $2, map_root = $3 WHERE size = $4 AND root = $5 AND map_root = $6`,
    [size, root, map.root, tree.size, tree.root, tree.mapRoot],
  );
  if (rowCount !== 1) throw new TreeMovedError('another process has added records to the tree');
  // With `array_nulls` off, PostgreSQL would read a null in a list as a text.
  await db.query(
    `INSERT INTO transparency.leaf (place, acesso_id, nonce, entry, person_index, number, link)
     SELECT $1::bigint + added.position - 1, added.acesso_id, added.nonce, added.entry,
            nullif(added.person_index, ''), nullif(added.number, 0), nullif(added.link, '')
     FROM unnest($2::uuid[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bigint[], $7::bytea[])
          WITH ORDINALITY AS added (acesso_id, nonce, entry, person_index, number, link, position)`,
    [
      tree.size,
      leaves.map(({ record }) => record.id),
      leaves.map(({ nonce }) => nonce),
      leaves.map(({ entry }) => entry),
      leaves.map(({ chain }) => chain?.personIndex ?? NOTHING),
      leaves.map(({ chain }) => chain?.number ?? 0),
      leaves.map(({ chain }) => chain?.link ?? NOTHING),
    ],
  );
  await db.query(
    `INSERT INTO transparency.tile (level, tile_index, hashes)
     SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
     ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes`,
    [tiles.map(({ level }) => level), tiles.map(({ index }) => index), tiles.map(({ hashes }) => hashes)],
  );
  await storeIndices(db, people);
  await storeNodes(db, map.nodes, size);
}

const NOTHING = Buffer.alloc(0);
