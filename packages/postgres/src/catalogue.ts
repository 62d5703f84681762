/**
 * SQL condition for a statement over `pg_class c` and `pg_namespace n`: a table, view or the like outside PostgreSQL's own schemas.
 *
 * @param kinds accepted values of `relkind`
 */
export const isTableOfAUser = (kinds: 'rpvmf' | 'rpm' | 'rp'): string =>
  `c.relkind = ANY ('{${[...kinds].join()}}') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

/** SQL condition over the same tables: our role may select at least one column. */
export const isReadable = `pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')`;
