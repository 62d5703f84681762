import type { ExpectedIndexes } from '@pessoa/bases/base-definition';
import { isReadable, isTableOfAUser } from '@pessoa/postgres/catalogue';
import { escapeIdentifier } from 'pg';

/** A table that our role may select, and its valid B-tree indexes without a filter. */
export interface OfferedIndexes {
  readonly schema: string;
  readonly table: string;
  readonly isPartitioned: boolean;
  readonly indexes: readonly { readonly columns: readonly string[]; readonly descending: readonly boolean[] }[];
}

/** Selects the `OfferedIndexes` of the tables with these names (`$1`). A view has no indexes and is left out. */
export const OFFERED_INDEXES = `
  SELECT n.nspname::text AS "schema", c.relname::text AS "table", c.relkind = 'p' AS "isPartitioned", coalesce((
    SELECT json_agg(json_build_object(
      'columns', ARRAY(
        SELECT coalesce(a.attname::text, '') FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, place)
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum AND k.attnum > 0
        WHERE k.place <= i.indnkeyatts ORDER BY k.place),
      'descending', ARRAY(SELECT o & 1 = 1 FROM unnest(i.indoption::int2[]) WITH ORDINALITY k (o, place) ORDER BY k.place)))
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
    WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL AND m.amname = 'btree'
  ), '[]') AS "indexes"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relname = ANY ($1) AND ${isTableOfAUser('rpm')}
    AND ${isReadable}
  ORDER BY n.nspname, c.relname`;

/** @returns CREATE INDEX statements for the missing indexes */
export function missingIndexes(expected: ExpectedIndexes, offered: readonly OfferedIndexes[]): string[] {
  return offered.flatMap(({ schema, table, isPartitioned, indexes }) => {
    const columns = expected[table];
    if (columns === undefined || indexes.some((index) => serves(index, columns))) return [];
    const name = `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;
    return [`CREATE INDEX ${isPartitioned ? '' : 'CONCURRENTLY '}ON ${name} (${columns})`];
  });
}

/** The first column finds the rows, and the others order them. PostgreSQL reads an index forwards or backwards. */
function serves({ columns, descending }: OfferedIndexes['indexes'][number], expected: string): boolean {
  const expectedColumns = expected.split(', ').map((column) => column.split(' '));
  if (!expectedColumns.every(([name], place) => columns[place] === name)) return false;
  const areReversed = expectedColumns
    .slice(1)
    .map(([, direction], place) => (direction === 'DESC') !== descending[place + 1]);
  return new Set(areReversed).size <= 1;
}
