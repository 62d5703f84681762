import type { BaseContract } from '@pessoa/bases/base-definition';
import type { Asking } from './replica-sight.ts';

/** A table of the contract as the publisher's own catalogue has it now. */
export interface PublishedTable {
  /** With its schema, as SQL writes it; the replica has it under the same. */
  readonly qualified: string;
  /**
   * Tells this table, published as it is, from whatever else is or was found under its name: parts like `table=16385`.
   * A replica that was copied from another one misses changes, and PostgreSQL tells neither side.
   */
  readonly origin: string;
  /** Tells one set of partitions from another; empty for a table that has none. */
  readonly partitions: string;
  /** Why changes of it are not, or not all, sent: words to follow the table's name. */
  readonly faults: readonly string[];
}

/** By the table's name; without those that the publisher does not have. */
export type PublisherCatalogue = ReadonlyMap<string, PublishedTable>;

interface CatalogueRow {
  readonly table: string;
  readonly qualified: string;
  readonly origin: string;
  readonly partitions: string;
  readonly isTable: boolean;
  readonly isLogged: boolean;
  readonly hasRowSecurity: boolean;
  readonly isWhole: boolean | null;
  readonly isUnfiltered: boolean | null;
  /** Separated by spaces. */
  readonly columns: string | null;
}

// A publication's row is another one after each change of what it sends, and so is the entry of a table that left it and
// came back.
const CATALOGUE = `
  SELECT c.relname AS "table", quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS "qualified",
         concat_ws(' ', 'table=' || c.oid, 'publication=' || coalesce(p.marks, 'none'), 'columns=' || (
           SELECT left(md5(string_agg(concat_ws(' ', attname, attnum, format_type(atttypid, atttypmod)), ',' ORDER BY attname)), 12)
           FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND attname = ANY ($2)
         )) AS "origin",
         CASE WHEN c.relkind = 'p' THEN (
           SELECT left(md5(string_agg(relid::oid::text, ',' ORDER BY relid::oid)), 12) FROM pg_partition_tree(c.oid)
         ) ELSE '' END AS "partitions",
         c.relkind IN ('r', 'p') AS "isTable", c.relpersistence = 'p' AS "isLogged",
         c.relrowsecurity AS "hasRowSecurity", p.whole AS "isWhole", p.unfiltered AS "isUnfiltered", p.columns AS "columns"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (
    SELECT string_agg(concat_ws('/', b.oid, b.xmin, r.oid, s.oid), ',' ORDER BY b.oid) AS marks,
           bool_and(b.pubinsert AND b.pubupdate AND b.pubdelete AND b.pubtruncate) AS whole,
           bool_and(t.rowfilter IS NULL) AS unfiltered,
           string_agg(array_to_string(t.attnames, ' '), ' ') AS columns
    FROM pg_publication b
    JOIN pg_publication_tables t ON t.pubname = b.pubname AND t.schemaname = n.nspname AND t.tablename = c.relname
    LEFT JOIN pg_publication_rel r ON r.prpubid = b.oid AND r.prrelid = c.oid
    LEFT JOIN pg_publication_namespace s ON s.pnpubid = b.oid AND s.pnnspid = n.oid
    WHERE b.pubname = ANY ($3)
  ) p
  WHERE c.relname = ANY ($1) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND has_any_column_privilege(c.oid, 'SELECT')
    AND has_schema_privilege(n.oid, 'USAGE')
  ORDER BY pg_table_is_visible(c.oid)`;

/**
 * @param publisher the reader's role will do
 * @param publications that the replica follows
 */
export async function askCatalogue(
  publisher: Asking,
  contract: BaseContract,
  publications: readonly string[],
): Promise<PublisherCatalogue> {
  const columns = Object.values(contract).flat();
  const { rows } = await publisher.query<CatalogueRow>(CATALOGUE, [Object.keys(contract), columns, publications]);
  return new Map(
    rows.map((row) => [
      row.table,
      {
        qualified: row.qualified,
        origin: row.origin,
        partitions: row.partitions,
        faults: publishingFaults(row, contract[row.table]!),
      },
    ]),
  );
}

function publishingFaults(row: CatalogueRow, wanted: readonly string[]): string[] {
  const { isTable, isLogged, hasRowSecurity, isWhole, isUnfiltered, columns } = row;
  const published = new Set(columns?.split(' '));
  const kept = wanted.filter((column) => !published.has(column));
  const faults = [
    !isTable && 'is no table any more',
    !isLogged && 'is unlogged',
    hasRowSecurity && 'has row security',
    columns === null && 'is not published',
    columns !== null && kept.length > 0 && `is published without ${kept.join(', ')}`,
    isWhole === false && 'is published without all of insert, update, delete and truncate',
    isUnfiltered === false && 'is published with a filter of rows',
  ];
  return faults.filter((fault) => fault !== false);
}

const PARTS: Readonly<Record<string, string>> = {
  table: 'is another table than the one that was copied',
  publication: 'was published otherwise in between',
  columns: 'has other columns than were copied',
};

/**
 * What keeps a replica from having all that the publisher has of each table of the contract. Empty when nothing does.
 *
 * @param origins of the replica's tables, as they were written down when they were copied
 */
export function followingFaults(
  contract: BaseContract,
  catalogue: PublisherCatalogue,
  origins: ReadonlyMap<string, string | undefined>,
): string[] {
  return Object.keys(contract).flatMap((table) => {
    const found = catalogue.get(table);
    if (!found) return [`${table} is not there any more`];
    const faults = found.faults.length > 0 ? found.faults : changes(found.origin, origins.get(table));
    return faults.map((fault) => `${table} ${fault}`);
  });
}

function changes(origin: string, copied: string | undefined): string[] {
  if (copied === undefined) return ['does not say what it was copied from'];
  const before = new Set(copied.split(' '));
  return origin
    .split(' ')
    .filter((part) => !before.has(part))
    .map((part) => PARTS[part.slice(0, part.indexOf('='))] ?? part);
}
