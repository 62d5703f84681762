/** The tables or views a service reads and the columns it reads of each (docs/bases.md). */
export type BaseContract = Readonly<Record<string, readonly string[]>>;

/** The type of each column, as `table.column`, that is not text. */
export type ColumnTypes = Readonly<Record<string, ColumnType>>;

type ColumnType = Exclude<keyof typeof ACCEPTED, 'text'>;

/** What PostgreSQL calls the types that our statements and the Prisma client can read for each documented one. */
const ACCEPTED = {
  text: /^(text|bpchar|character|character varying)(\(\d+\))?$/,
  integer: /^(integer|smallint)$/,
  'numeric(17,2)': /^numeric\((\d|1[0-7]),2\)$/,
  date: /^date$/,
  timestamptz: /^timestamp(\(\d\))? with time zone$/,
  boolean: /^boolean$/,
  'text[]': /^(text|bpchar|character|character varying)(\(\d+\))?\[\]$/,
} as const;

/** The oldest PostgreSQL that a base may be: publications have column lists since then. */
export const OLDEST_POSTGRES = 15;

/** A column of a table or view that the asking role may select. */
export interface OfferedColumn {
  readonly table: string;
  readonly column: string;
  /** As `format_type` writes it; a domain's is that of what it is made of. */
  readonly type: string;
}

/** Run with the names of the tables: every `OfferedColumn` of those that the role finds first on its `search_path`. */
export const OFFERED_COLUMNS = `
  SELECT c.relname::text AS "table", a.attname::text AS "column",
         CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) ELSE format_type(t.oid, a.atttypmod) END AS "type"
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
  WHERE c.relname = ANY ($1) AND pg_table_is_visible(c.oid) AND a.attnum > 0 AND NOT a.attisdropped
    AND has_column_privilege(c.oid, a.attnum, 'SELECT')`;

/** The version of the server: 150020 is 15.20. */
export const SERVER_VERSION = `SELECT current_setting('server_version_num')::int AS "version"`;

/**
 * What of a contract a base does not offer: `table.column` for one that is missing or kept from the role, with the type
 * found for one of another type; and a server that is too old. Empty when all is there.
 */
export function contractFaults(
  { contract, types }: { contract: BaseContract; types?: ColumnTypes },
  { version, columns }: { version: number; columns: readonly OfferedColumn[] },
): string[] {
  const major = Math.floor(version / 10_000);
  const offered = new Map(columns.map(({ table, column, type }) => [`${table}.${column}`, type]));
  const wanted = Object.entries(contract).flatMap(([table, names]) => names.map((name) => `${table}.${name}`));
  const faults = wanted.flatMap((column) => {
    const found = offered.get(column);
    if (found === undefined) return [column];
    if (!types) return [];
    const type = types[column] ?? 'text';
    return ACCEPTED[type].test(found) ? [] : [`${column} (is ${found}, must be ${type})`];
  });
  return major < OLDEST_POSTGRES
    ? [`PostgreSQL ${OLDEST_POSTGRES} or newer (the server is ${major})`, ...faults]
    : faults;
}
