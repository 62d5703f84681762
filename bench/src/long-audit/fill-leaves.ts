import { readTree, type StoredTree } from '@pessoa/auditor/tree/stored-tree';
import { growTree } from '@pessoa/transparency-log/tree/growing-tree';
import { hashLeaf } from '@pessoa/transparency-log/tree/hashes';
import { openTileIds, type Tile, type TileId } from '@pessoa/transparency-log/tree/tiles';
import type pg from 'pg';

/** Records of one transaction. */
const BATCH = 200_000;

/**
 * Adds records with a place each, up to so many, without the auditor: their entries are hashes of nothing, and they are in no chain. Tree and
 * tiles are those of these entries, so every other record has its proof.
 *
 * @param owner whose temporary table `people` has the marks of people
 * @param recordsOf the text of a SELECT of the columns of `acesso`, for $1, $2 and $3: the first number, the count, and the last number
 */
export async function fillLeaves(owner: pg.Client, records: number, recordsOf: string): Promise<void> {
  let tree: Pick<StoredTree, 'size' | 'openTiles'> = await readTree(owner);
  if (tree.size >= records) return;
  await owner.query('ALTER TABLE acesso DISABLE TRIGGER acesso_awaits_place');
  await owner.query('ALTER TABLE transparency.leaf DISABLE TRIGGER leaf_is_of_tree');
  while (tree.size < records) {
    await owner.query('BEGIN');
    const count = Math.min(BATCH, records - tree.size);
    const { rows } = await owner.query<{ entries: Buffer }>(
      `WITH added AS (INSERT INTO acesso ${recordsOf} RETURNING id), placed AS (
         INSERT INTO transparency.leaf (place, acesso_id, nonce, entry)
         SELECT $1::bigint + row_number() OVER (ORDER BY id) - 1, id, sha256(uuid_send(id)), sha256(sha256(uuid_send(id))) FROM added
         RETURNING place, entry)
       SELECT string_agg(entry, '' ORDER BY place) AS entries FROM placed`,
      [tree.size, count, records],
    );
    const { entries } = rows[0]!;
    const hashes = Array.from({ length: count }, (_, at) => hashLeaf(entries.subarray(at * 32, at * 32 + 32)));
    const { size, root, tiles } = growTree(tree.size, tree.openTiles, hashes);
    await owner.query('UPDATE transparency.tree SET size = $1, root = $2', [size, root]);
    await owner.query(
      `INSERT INTO transparency.tile (level, tile_index, hashes)
       SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
       ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes`,
      [tiles.map(({ level }) => level), tiles.map(({ index }) => index), tiles.map(({ hashes: bytes }) => bytes)],
    );
    await owner.query('COMMIT');
    const isOf = (id: TileId) => (tile: Tile) => tile.level === id.level && tile.index === id.index;
    const { openTiles } = tree;
    tree = { size, openTiles: openTileIds(size).map((id) => (tiles.find(isOf(id)) ?? openTiles.find(isOf(id)))!) };
    process.stderr.write(`${size} records\n`);
  }
  await owner.query('ALTER TABLE transparency.leaf ENABLE ALWAYS TRIGGER leaf_is_of_tree');
  await owner.query('ALTER TABLE acesso ENABLE ALWAYS TRIGGER acesso_awaits_place');
}
