import type { BaseContract } from '@pessoa/bases/base-definition';
import type { Queryable } from './replica-sight.ts';

/** A table of the contract in the publisher's catalogue. */
export interface PublishedTable {
  /** Quoted name with its schema. The replica has the table under the same name. */
  readonly qualified: string;
  /**
   * Identifies this table, its columns and its publication, in parts like `table=16385`. If the replica was copied from another
   * origin, it misses changes, and PostgreSQL reports nothing on either side.
   */
  readonly origin: string;
  /** Identifies the set of partitions; empty for a table that is not partitioned. */
  readonly partitions: string;
  /** Why the publisher does not send all changes of the table. Each fault reads on from the table's name. */
  readonly faults: readonly string[];
}

/** Tables of the contract by name, without those that the publisher lacks. */
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

// `xmin` of a publication changes with each change of what it sends. The entry of a table that left a publication and came back has
// another oid.
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
 * @param publisher the reader role has enough rights
 * @param publications publications that the replica subscribes to
 */
export async function askCatalogue(
  publisher: Queryable,
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

function publishingFaults(row: CatalogueRow, expectedColumns: readonly string[]): string[] {
  const { isTable, isLogged, hasRowSecurity, isWhole, isUnfiltered, columns } = row;
  const published = new Set(columns?.split(' '));
  const missingColumns = expectedColumns.filter((column) => !published.has(column));
  const faults = [
    !isTable && 'is not a table any more',
    !isLogged && 'is unlogged',
    hasRowSecurity && 'has row security',
    columns === null && 'is not published',
    columns !== null && missingColumns.length > 0 && `is published without ${missingColumns.join(', ')}`,
    isWhole === false && 'is published without all of insert, update, delete and truncate',
    isUnfiltered === false && 'is published with a filter of rows',
  ];
  return faults.filter((fault) => fault !== false);
}

const PARTS: Readonly<Record<string, string>> = {
  table: 'is another table than the one that was copied',
  publication: 'was published differently in between',
  columns: 'has other columns than were copied',
};

/**
 * Why the replica may lack changes of the publisher; empty when it gets all of them.
 *
 * @param origins origin of each table of the replica at the time of its copy
 */
export function followingFaults(
  contract: BaseContract,
  catalogue: PublisherCatalogue,
  origins: ReadonlyMap<string, string | undefined>,
): string[] {
  return Object.keys(contract).flatMap((table) => {
    const publishedTable = catalogue.get(table);
    if (!publishedTable) return [`${table} does not exist any more`];
    const faults =
      publishedTable.faults.length > 0
        ? publishedTable.faults
        : originFaults(publishedTable.origin, origins.get(table));
    return faults.map((fault) => `${table} ${fault}`);
  });
}

function originFaults(origin: string, copiedOrigin: string | undefined): string[] {
  if (copiedOrigin === undefined) return ['does not say what it was copied from'];
  const copiedParts = new Set(copiedOrigin.split(' '));
  return origin
    .split(' ')
    .filter((part) => !copiedParts.has(part))
    .map((part) => PARTS[part.slice(0, part.indexOf('='))] ?? part);
}
