import { connectPostgres } from '@pessoa/operations/postgres/connect-postgres';
import { searchPathOf } from '@pessoa/postgres/table-schemas';
import type { Client } from 'pg';

interface Definition {
  readonly drop: string;
  readonly create: string;
}

/** Foreign keys first, then primary keys and unique constraints, then plain indexes: the order to drop them in. */
async function definitions(client: Client, tables: readonly string[]): Promise<Definition[]> {
  const { rows } = await client.query<Definition>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS "drop",
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS "create",
            CASE contype WHEN 'f' THEN 0 ELSE 1 END AS step
       FROM pg_constraint
      WHERE conrelid = ANY($1::regclass[]) AND contype IN ('f', 'p', 'u')
     UNION ALL
     SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid), 2
       FROM pg_index
      WHERE indrelid = ANY($1::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
      ORDER BY step, "create"`,
    [tables],
  );
  return rows;
}

/** A whole base being replaced, in one transaction: either all of it is there or nothing has changed. */
export interface BulkLoad {
  readonly client: Client;
  commit(): Promise<void>;
  /** Ends the connection; without `commit` the base stays as it was. */
  close(): Promise<void>;
}

/**
 * Empties the tables and takes their keys and indexes away until the commit: built once over all rows they cost a
 * fraction of what they cost row by row. Their definitions come from the catalogue, so whatever was there comes back.
 *
 * Readers of these tables wait until it is over.
 */
export async function beginBulkLoad(connectionString: string, tables: readonly string[]): Promise<BulkLoad> {
  const client = await connectPostgres(connectionString);
  const names = tables.join(', ');
  let dropped: Definition[];
  try {
    await client.query(`BEGIN; SET LOCAL search_path = ${await searchPathOf(client, tables)}; TRUNCATE ${names}`);
    dropped = await definitions(client, tables);
    for (const { drop } of dropped) await client.query(drop);
  } catch (error) {
    await client.end();
    throw error;
  }
  return {
    client,
    async commit() {
      for (const { create } of dropped.toReversed()) await client.query(create);
      await client.query(`ANALYZE ${names}`);
      await client.query('COMMIT');
    },
    close: () => client.end(),
  };
}
