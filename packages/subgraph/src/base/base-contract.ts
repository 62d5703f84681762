import type { BaseContract, ColumnType, ColumnTypes, Keys } from '@pessoa/bases/base-definition';
import { isReadable, isTableOfAUser } from '@pessoa/postgres/catalogue';

/** What PostgreSQL calls the types that our statements can read for each documented one. */
const ACCEPTED = {
  text: /^(text|character varying(\(\d+\))?)$/,
  integer: /^(integer|smallint)$/,
  'numeric(17,2)': /^numeric\((\d|1[0-7]),2\)$/,
  date: /^date$/,
  // An instant of the API has milliseconds: with more, two that look the same are not, and a page is cut between them.
  'timestamptz(3)': /^timestamp\([0-3]\) with time zone$/,
  boolean: /^boolean$/,
  'text[]': /^(text|character varying(\(\d+\))?)\[\]$/,
} as const satisfies Readonly<Record<Exclude<ColumnType, `char(${number})`> | 'text', RegExp>>;

/** Of another length it is filled up with blanks, or cut. */
function isAccepted(type: ColumnType | 'text', found: string): boolean {
  if (type in ACCEPTED) return ACCEPTED[type as keyof typeof ACCEPTED].test(found);
  const length = Number(/\d+/.exec(type)![0]);
  if (found === `character(${length})`) return true;
  const [, bound] = /^character varying\((\d+)\)$/.exec(found) ?? [];
  return bound === undefined ? ACCEPTED.text.test(found) : Number(bound) >= length;
}

/** The oldest PostgreSQL that a base may be: publications have column lists since then. */
export const OLDEST_POSTGRES = 15;

/** A column of a table or view that the asking role may select. */
export interface OfferedColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  /** As `format_type` writes it; a domain's is that of what it is made of. */
  readonly type: string;
  /** Of a table, as `pg_class` has it: only those have keys that can be looked at. */
  readonly kind: string;
  /** Alone the key of a unique index that holds for every row, and never null. */
  readonly isKey: boolean;
  /** False where texts of other bytes may count as equal. */
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
 * Run with the names of the tables: every `OfferedColumn` of tables of those names, in whatever schema. Which one is meant
 * is not left to the `search_path`: that is of the session, and another one may put another table before it.
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

/** The server and the database, as a session of the asking role has them. */
export interface OfferingServer {
  /** 150020 is 15.20. */
  readonly version: number;
  readonly encoding: string;
}

export const OFFERING_SERVER = `
  SELECT current_setting('server_version_num')::int AS "version", current_setting('server_encoding') AS "encoding"`;

/** What the asking role may do that a reader must not, and what is done to its statements. */
export interface OfferedSession {
  readonly isSuperuser: boolean;
  /** Of the tables of the contract: those that it may change. */
  readonly writable: readonly string[];
  /** Those of which row security may hide rows from it. */
  readonly filtered: readonly string[];
  readonly isolation: string;
  /** Milliseconds; 0 is no limit. */
  readonly statementMillis: number;
}

/** Run with the names of the tables. */
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

/** The schemas in which each table was found; one where all is well. */
export function schemasOf(columns: readonly OfferedColumn[]): ReadonlyMap<string, readonly string[]> {
  const schemas = new Map<string, Set<string>>();
  for (const { schema, table } of columns) schemas.set(table, (schemas.get(table) ?? new Set()).add(schema));
  return new Map([...schemas].map(([table, found]) => [table, [...found]]));
}

/**
 * What of a contract a base does not offer: `table.column` for one that is missing or kept from the role, with the reason
 * for one that cannot be used as it is; and a server or database that cannot. Empty when all is there.
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
      const found = offered.get(column);
      const type = types?.[column] ?? 'text';
      if (!found) faults.push(column);
      else if (types && !isAccepted(type, found.type)) faults.push(`${column} (is ${found.type}, must be ${type})`);
      else if (!found.isExact)
        faults.push(`${column} (its collation takes other texts for equal: it must be deterministic)`);
      // Nobody can say it of a view, and of a table in parts only together with what it is parted by.
      else if (keys[table] === name && found.kind === 'r' && !found.isKey) {
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

/** What a reader's role must not be able to do, and what keeps it from reading in time. @param statementMillis of a read */
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
