import { escapeIdentifier, escapeLiteral, type Pool, type PoolClient } from 'pg';
import { isReadable, isTableOfAUser } from './catalogue.ts';
import { processOf } from './pooler.ts';

const FOUND = (tables: readonly string[], more = ''): string => `
  SELECT DISTINCT n.nspname::text AS "schema", c.relname::text AS "table" ${more}
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relname IN (${tables.map((table) => escapeLiteral(table)).join(', ')})
    AND ${isTableOfAUser('rpvmf')} AND ${isReadable}`;

interface Found {
  readonly schema: string;
  readonly table: string;
  readonly isOffered: boolean;
}

// What an owner keeps beside it, a copy or a table of staging, nobody else may select.
const OFFERED = `
  EXISTS (
    SELECT FROM pg_catalog.pg_roles r
    WHERE NOT r.rolsuper AND r.rolname !~ '^pg_' AND NOT pg_catalog.pg_has_role(r.oid, c.relowner, 'USAGE')
      AND NOT pg_catalog.pg_has_role(r.oid, 'pg_read_all_data', 'USAGE')
      AND pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE') AND pg_catalog.has_any_column_privilege(r.oid, c.oid, 'SELECT'))`;

/**
 * The search path on which these tables are found, and no other of their names: the session's own may put another one
 * first, or none. Of two of one name, the one that a reader may select is meant.
 *
 * @param client a `pg` client or pool
 * @throws Error naming a table that is in two schemas
 */
export async function searchPathOf(
  client: { query<Row>(text: string): Promise<{ rows: Row[] }> },
  tables: readonly string[],
): Promise<string> {
  const { rows } = await client.query<Found>(FOUND(tables, `, ${OFFERED} AS "isOffered"`));
  const meant = new Map<string, string>();
  for (const [table, found] of Map.groupBy(rows, (one) => one.table)) {
    const offered = found.filter(({ isOffered }) => isOffered);
    const [one, another] = found.length > 1 && offered.length > 0 ? offered : found;
    if (another) throw twoSchemas(table, found);
    meant.set(table, one!.schema);
  }
  const path = [...new Set(meant.values())];
  for (const [table, found] of Map.groupBy(rows, (one) => one.table)) {
    const first = path.find((schema) => found.some((one) => one.schema === schema));
    if (first !== meant.get(table)) throw twoSchemas(table, found);
  }
  return path.map((schema) => escapeIdentifier(schema)).join(', ') || 'pg_catalog';
}

function twoSchemas(table: string, found: readonly Found[]): Error {
  const schemas = found.map(({ schema }) => schema).toSorted();
  return new Error(`${table} is in the schemas ${schemas.join(', ')}`);
}

/**
 * Has each connection of a pool find these tables by the catalogue. A table that is in two schemas is found in none, and
 * whoever reads it says that it is not there. A session that a pooler lends us stays as it is: others get it next.
 */
export function findTablesByCatalogue(pool: Pool, tables: readonly string[]): void {
  const textFor = (client: PoolClient): string => `
    SELECT pg_catalog.set_config('search_path', coalesce(pg_catalog.string_agg(DISTINCT pg_catalog.quote_ident(f."schema"), ', '), 'pg_catalog'), false)
    FROM (${FOUND(tables)}) f
    WHERE (SELECT pg_catalog.count(*) FROM (${FOUND(tables)}) o WHERE o."table" = f."table") = 1
    HAVING pg_catalog.pg_backend_pid() = ${Number(processOf(client))}`;
  // The connection is lent when this is over. One that fails has lost its connection, which whoever gets it finds out.
  Object.assign(pool.options, {
    onConnect: (client: PoolClient) => client.query(textFor(client)).catch(() => undefined),
  });
}
