import { escapeIdentifier, escapeLiteral, type Pool } from 'pg';

const FOUND = (tables: readonly string[]): string => `
  SELECT DISTINCT n.nspname::text AS "schema", c.relname::text AS "table"
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relname IN (${tables.map((table) => escapeLiteral(table)).join(', ')}) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')`;

interface Found {
  readonly schema: string;
  readonly table: string;
}

/**
 * The search path on which these tables are found, and no other of their names: the session's own may put another one
 * first, or none.
 *
 * @param client a `pg` client or pool
 * @throws Error naming a table that is in two schemas
 */
export async function searchPathOf(
  client: { query<Row>(text: string): Promise<{ rows: Row[] }> },
  tables: readonly string[],
): Promise<string> {
  const { rows } = await client.query<Found>(FOUND(tables));
  for (const [table, found] of Map.groupBy(rows, (one) => one.table)) {
    const schemas = found.map(({ schema }) => schema);
    if (schemas.length > 1) throw new Error(`${table} is in the schemas ${schemas.toSorted().join(', ')}`);
  }
  return [...new Set(rows.map(({ schema }) => escapeIdentifier(schema)))].join(', ') || 'pg_catalog';
}

/**
 * Has each connection of a pool find these tables by the catalogue. A table that is in two schemas is found in none, and
 * whoever reads it says that it is not there.
 */
export function findTablesByCatalogue(pool: Pool, tables: readonly string[]): void {
  const text = `
    SELECT pg_catalog.set_config('search_path', coalesce(pg_catalog.string_agg(DISTINCT pg_catalog.quote_ident(f."schema"), ', '), 'pg_catalog'), false)
    FROM (${FOUND(tables)}) f
    WHERE (SELECT pg_catalog.count(*) FROM (${FOUND(tables)}) o WHERE o."table" = f."table") = 1`;
  // What is asked of the connection next waits for it. One that fails has lost its connection, which the next finds out.
  pool.on('connect', (client) => void client.query(text).catch(() => undefined));
}
