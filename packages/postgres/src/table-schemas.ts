import { escapeIdentifier, escapeLiteral, type Pool, type PoolClient } from 'pg';
import { isReadable, isTableOfAUser } from './catalogue.ts';
import { processOf } from './pooler.ts';

const READABLE_TABLES = (tables: readonly string[], extraColumns = ''): string => `
  SELECT DISTINCT n.nspname::text AS "schema", c.relname::text AS "table" ${extraColumns}
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relname IN (${tables.map((table) => escapeLiteral(table)).join(', ')})
    AND ${isTableOfAUser('rpvmf')} AND ${isReadable}`;

interface ReadableTable {
  readonly schema: string;
  readonly table: string;
  readonly isOffered: boolean;
}

// True when a role other than the owner may select the table: nobody else may select an owner's backup or staging tables.
const IS_OFFERED = `
  EXISTS (
    SELECT FROM pg_catalog.pg_roles r
    WHERE NOT r.rolsuper AND r.rolname !~ '^pg_' AND NOT pg_catalog.pg_has_role(r.oid, c.relowner, 'USAGE')
      AND NOT pg_catalog.pg_has_role(r.oid, 'pg_read_all_data', 'USAGE')
      AND pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE') AND pg_catalog.has_any_column_privilege(r.oid, c.oid, 'SELECT'))`;

/**
 * Finds the search path that leads to these tables, whatever the session's own path. Among tables of one name, the one that a reader
 * may select is chosen.
 *
 * @param client a `pg` client or pool
 * @throws Error with the name of a table that is in two schemas
 */
export async function searchPathOf(
  client: { query<Row>(text: string): Promise<{ rows: Row[] }> },
  tables: readonly string[],
): Promise<string> {
  const { rows } = await client.query<ReadableTable>(READABLE_TABLES(tables, `, ${IS_OFFERED} AS "isOffered"`));
  const schemaByTable = new Map<string, string>();
  for (const [table, candidates] of Map.groupBy(rows, (row) => row.table)) {
    const offered = candidates.filter(({ isOffered }) => isOffered);
    const [chosen, another] = candidates.length > 1 && offered.length > 0 ? offered : candidates;
    if (another) throw twoSchemas(table, candidates);
    schemaByTable.set(table, chosen!.schema);
  }
  const path = [...new Set(schemaByTable.values())];
  for (const [table, candidates] of Map.groupBy(rows, (row) => row.table)) {
    const first = path.find((schema) => candidates.some((candidate) => candidate.schema === schema));
    if (first !== schemaByTable.get(table)) throw twoSchemas(table, candidates);
  }
  return path.map((schema) => escapeIdentifier(schema)).join(', ') || 'pg_catalog';
}

function twoSchemas(table: string, candidates: readonly ReadableTable[]): Error {
  const schemas = candidates.map(({ schema }) => schema).toSorted();
  return new Error(`${table} is in the schemas ${schemas.join(', ')}`);
}

/**
 * Sets the search path of each new connection to the schemas of these tables. A table that is in two schemas is found in neither, so
 * that a read of it fails. A session behind a connection pooler stays unchanged, because other clients use it too.
 */
export function findTablesByCatalogue(pool: Pool, tables: readonly string[]): void {
  const statementFor = (client: PoolClient): string => `
    SELECT pg_catalog.set_config('search_path', coalesce(pg_catalog.string_agg(DISTINCT pg_catalog.quote_ident(f."schema"), ', '), 'pg_catalog'), false)
    FROM (${READABLE_TABLES(tables)}) f
    WHERE (SELECT pg_catalog.count(*) FROM (${READABLE_TABLES(tables)}) o WHERE o."table" = f."table") = 1
    HAVING pg_catalog.pg_backend_pid() = ${Number(processOf(client))}`;
  // The pool hands the connection out after this statement. If it fails, the connection is lost, and its first query rejects.
  Object.assign(pool.options, {
    onConnect: (client: PoolClient) => client.query(statementFor(client)).catch(() => undefined),
  });
}
