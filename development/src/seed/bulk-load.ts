import { connectPostgres } from '@pessoa/operations/postgres/connect-postgres';
import { searchPathOf } from '@pessoa/postgres/table-schemas';
import type { Client } from 'pg';

interface Definition {
  readonly drop: string;
  readonly create: string;
}

/** The keys and indexes of the tables in the order of dropping: foreign keys, primary keys and unique constraints, other indexes. */
async function readDefinitions(client: Client, tables: readonly string[]): Promise<Definition[]> {
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

/** The replacement of a base's data in one transaction. */
export interface BulkLoad {
  readonly client: Client;
  commit(): Promise<void>;
  /** Ends the connection. Without `commit` the base does not change. */
  close(): Promise<void>;
}

/**
 * Empties the tables and drops their keys and indexes. `commit` creates them again from their definitions in the catalogue:
 * once over all rows is much cheaper than row by row.
 *
 * Readers of these tables wait until the transaction ends.
 */
export async function beginBulkLoad(connectionString: string, tables: readonly string[]): Promise<BulkLoad> {
  const client = await connectPostgres(connectionString);
  const names = tables.join(', ');
  let definitions: Definition[];
  try {
    await client.query(`BEGIN; SET LOCAL search_path = ${await searchPathOf(client, tables)}; TRUNCATE ${names}`);
    definitions = await readDefinitions(client, tables);
    for (const { drop } of definitions) await client.query(drop);
  } catch (error) {
    await client.end();
    throw error;
  }
  return {
    client,
    async commit() {
      for (const { create } of definitions.toReversed()) await client.query(create);
      await client.query(`ANALYZE ${names}`);
      await client.query('COMMIT');
    },
    close: () => client.end(),
  };
}
