import type { BaseContract, ColumnType, ColumnTypes, Keys } from '@pessoa/bases/base-definition';
import { isReadable, isTableOfAUser } from '@pessoa/postgres/catalogue';

/** For each documented type, the names of the PostgreSQL types that our statements can read. */
const ACCEPTED = {
  text: /^(text|character varying(\(\d+\))?)$/,
  integer: /^(integer|smallint)$/,
  'numeric(17,2)': /^numeric\((\d|1[0-7]),2\)$/,
  date: /^date$/,
  // The API shows milliseconds. With more digits, two different instants would look the same, and a page could end between them.
  'timestamptz(3)': /^timestamp\([0-3]\) with time zone$/,
  boolean: /^boolean$/,
  'text[]': /^(text|character varying(\(\d+\))?)\[\]$/,
} as const satisfies Readonly<Record<Exclude<ColumnType, `char(${number})`> | 'text', RegExp>>;

/** A `char(n)` of another length is refused: PostgreSQL fills it up with blanks. A `varchar` must hold at least n. */
function isAccepted(type: ColumnType | 'text', foundType: string): boolean {
  if (type in ACCEPTED) return ACCEPTED[type as keyof typeof ACCEPTED].test(foundType);
  const length = Number(/\d+/.exec(type)![0]);
  if (foundType === `character(${length})`) return true;
  const [, bound] = /^character varying\((\d+)\)$/.exec(foundType) ?? [];
  return bound === undefined ? ACCEPTED.text.test(foundType) : Number(bound) >= length;
}

/** Oldest major version of PostgreSQL for a base: the first one whose publications have column lists. */
export const OLDEST_POSTGRES = 15;

/** A column of a table or view that our role may select. */
export interface OfferedColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  /** As `format_type` writes it. For a domain, its base type. */
  readonly type: string;
  /** `pg_class.relkind` of the table. Only an ordinary table (`r`) has keys that can be checked. */
  readonly kind: string;
  /** True when the column is never null and is the only column of a unique index without a filter. */
  readonly isKey: boolean;
  /** False when the collation treats different texts as equal. */
  readonly isExact: boolean;
}

const DOMAIN_BASE = `
  WITH RECURSIVE made_of (type, modifier, of_type, of_modifier, is_domain) AS (
      SELECT t.oid, a.atttypmod, t.oid, a.atttypmod, t.typtype = 'd'
    UNION ALL
      SELECT m.type, m.modifier, t.typbasetype, CASE WHEN t.typtypmod = -1 THEN m.of_modifier ELSE t.typtypmod END, b.typtype = 'd'
      FROM made_of m JOIN pg_type t ON t.oid = m.of_type JOIN pg_type b ON b.oid = t.typbasetype WHERE m.is_domain
  )
  SELECT format_type(of_type, of_modifier) FROM made_of WHERE NOT is_domain`;

/**
 * Selects every `OfferedColumn` of the tables with these names (`$1`), in every schema. The statement ignores the `search_path`:
 * another session could put another table first.
 */
export const OFFERED_COLUMNS = `
  SELECT n.nspname::text AS "schema", c.relname::text AS "table", a.attname::text AS "column", c.relkind::text AS "kind",
         replace((${DOMAIN_BASE}), '"', '') AS "type", -- a session may have all names quoted
         coalesce(o.collisdeterministic, true) AS "isExact",
         (a.attnotnull OR t.typnotnull) AND EXISTS (
           SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
             AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum) AS "isKey"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_collation o ON o.oid = a.attcollation
  WHERE c.relname = ANY ($1) AND ${isTableOfAUser('rpvmf')}
    AND a.attnum > 0 AND NOT a.attisdropped
    AND has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')
  ORDER BY n.nspname, c.relname, a.attnum`;

/** The server and the database, as our role sees them. */
export interface OfferingServer {
  /** `server_version_num`: 150020 is 15.20. */
  readonly version: number;
  readonly encoding: string;
}

export const OFFERING_SERVER = `
  SELECT current_setting('server_version_num')::int AS "version", current_setting('server_encoding') AS "encoding"`;

/** Rights of our role that a reader must not have, and settings of its sessions. */
export interface OfferedSession {
  readonly isSuperuser: boolean;
  /** Tables of the contract that our role may change. */
  readonly writable: readonly string[];
  /** Tables of the contract whose row security may hide rows from our role. */
  readonly filtered: readonly string[];
  readonly isolation: string;
  /** `statement_timeout` in milliseconds; 0 is no limit. */
  readonly statementMillis: number;
}

/** Selects the `OfferedSession` for the tables with these names (`$1`). */
export const OFFERED_SESSION = `
  SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS "isSuperuser",
         current_setting('transaction_isolation') AS "isolation",
         (SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout') AS "statementMillis",
         coalesce(array_agg(c.relname::text ORDER BY c.relname) FILTER (WHERE has_any_column_privilege(c.oid, 'INSERT, UPDATE')
           OR has_table_privilege(c.oid, 'DELETE, TRUNCATE')), '{}') AS "writable",
         coalesce(array_agg(c.relname::text ORDER BY c.relname) FILTER (WHERE row_security_active(c.oid)), '{}') AS "filtered"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relname = ANY ($1) AND ${isTableOfAUser('rpvmf')}
    AND ${isReadable}`;

/** Schemas of each table. More than one schema makes the table ambiguous. */
export function schemasOf(columns: readonly OfferedColumn[]): ReadonlyMap<string, readonly string[]> {
  const schemas = new Map<string, Set<string>>();
  for (const { schema, table } of columns) schemas.set(table, (schemas.get(table) ?? new Set()).add(schema));
  return new Map([...schemas].map(([table, schemaNames]) => [table, [...schemaNames]]));
}

/**
 * Compares a base with its contract.
 *
 * @returns one entry for each fault: `table.column` for a column that our role cannot select, followed by a reason for a column
 *   that our statements cannot use; also faults of the server and the database. Empty when the base keeps its contract.
 */
export function contractFaults(
  { contract, types, keys = {} }: { contract: BaseContract; types?: ColumnTypes; keys?: Keys },
  { server, columns }: { server: OfferingServer; columns: readonly OfferedColumn[] },
): string[] {
  const offered = new Map(columns.map((column) => [`${column.table}.${column.column}`, column]));
  const faults = [...serverFaults(server), ...ambiguousTables(columns)];
  for (const [table, names] of Object.entries(contract)) {
    for (const name of names) {
      const column = `${table}.${name}`;
      const offeredColumn = offered.get(column);
      const type = types?.[column] ?? 'text';
      if (!offeredColumn) faults.push(column);
      else if (types && !isAccepted(type, offeredColumn.type))
        faults.push(`${column} (is ${offeredColumn.type}, must be ${type})`);
      else if (!offeredColumn.isExact)
        faults.push(`${column} (its collation treats different texts as equal: it must be deterministic)`);
      // A view has no keys, and each unique index of a partitioned table includes the partition key: neither can be checked.
      else if (keys[table] === name && offeredColumn.kind === 'r' && !offeredColumn.isKey) {
        faults.push(`${column} (must be unique and not null: a primary key, or a unique index on it alone)`);
      }
    }
  }
  return faults;
}

function serverFaults({ version, encoding }: OfferingServer): string[] {
  const major = Math.floor(version / 10_000);
  return [
    major < OLDEST_POSTGRES && `PostgreSQL ${OLDEST_POSTGRES} or newer (the server is ${major})`,
    encoding !== 'UTF8' && `a database in UTF8 (it is in ${encoding})`,
  ].filter((fault) => fault !== false);
}

const ambiguousTables = (columns: readonly OfferedColumn[]): string[] =>
  [...schemasOf(columns)]
    .filter(([, schemas]) => schemas.length > 1)
    .map(
      ([table, schemas]) => `${table} (is in the schemas ${schemas.join(', ')}: our role may select it in one only)`,
    );

/**
 * Faults of our role's rights and of its session settings.
 *
 * @param statementMillis longest time that a read may take
 */
export function sessionFaults(session: OfferedSession, statementMillis: number): string[] {
  const { isSuperuser, writable, filtered, isolation } = session;
  if (isSuperuser) return ['a role that may only read (it is a superuser)'];
  const isShort = session.statementMillis > 0 && session.statementMillis < statementMillis;
  return [
    ...writable.map((table) => `${table} (our role may change it: it must only read)`),
    ...filtered.map((table) => `${table} (row security may hide rows from our role: it must see all)`),
    isolation !== 'read committed' && `default_transaction_isolation (is ${isolation}, must be read committed)`,
    isShort && `statement_timeout (is ${session.statementMillis} ms, must be ${statementMillis} or more, or 0)`,
  ].filter((fault) => fault !== false);
}
