/** In a statement over `pg_class c` and `pg_namespace n`: a table, in a wide sense, that is not PostgreSQL's own. @param kinds of `relkind` */
export const isTableOfAUser = (kinds: 'rpvmf' | 'rpm' | 'rp'): string =>
  `c.relkind = ANY ('{${[...kinds].join()}}') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

/** The same: the asking role may read some of it. */
export const isReadable = `pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')`;
