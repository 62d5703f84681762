import {
  contractFaults,
  OFFERED_COLUMNS,
  type OfferedColumn,
  schemasOf,
  OFFERING_SERVER,
  type OfferingServer,
} from '@pessoa/subgraph/base/base-contract';
import type { Client } from 'pg';
import { ReplicaError } from './replica-error.ts';
import type { ReplicatedBase } from './replica-settings.ts';

/** A table of the contract, as the publisher defines it. */
export interface PublisherTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly collation: string | null }[];
  /** The columns by which the publisher identifies a changed or deleted row. */
  readonly key: readonly string[];
  /** The statements that create its other indexes over columns of the contract, without uniqueness. */
  readonly indexes: readonly string[];
}

interface CatalogueTable {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly identity: string;
  readonly key: string[] | null;
}

/**
 * Reads the tables of the contract from the catalogue. The search path of the reader decides which tables they are.
 *
 * @param clients `reader` is connected as the reader, `admin` as the owner
 * @throws ReplicaError naming every table that cannot be replicated
 */
export async function publisherTables(
  { contract, types }: ReplicatedBase,
  { reader, admin }: { reader: Client; admin: Client },
): Promise<PublisherTable[]> {
  const names = Object.keys(contract);
  const { rows: columns } = await reader.query<OfferedColumn>(OFFERED_COLUMNS, [names]);
  const { rows: server } = await reader.query<OfferingServer>(OFFERING_SERVER);
  const missing = contractFaults({ contract, types }, { server: server[0]!, columns });
  if (missing.length > 0)
    throw new ReplicaError(`the publisher is not as docs/bases.md says:\n  ${missing.join('\n  ')}`);

  const schemas = schemasOf(columns);
  const { rows: catalogueTables } = await reader.query<CatalogueTable>(CATALOGUE_TABLES, [
    names,
    names.map((name) => schemas.get(name)![0]),
  ]);
  const faults = catalogueTables.flatMap((table) => publishingFaults(table, contract[table.name]!));
  if (faults.length > 0) throw new ReplicaError(`the publisher cannot publish:\n  ${faults.join('\n  ')}`);
  const tables: PublisherTable[] = [];
  for (const { oid, schema, name, key } of catalogueTables) {
    const columnNames = contract[name]!;
    const shapes = await admin.query<PublisherTable['columns'][number]>(COLUMNS, [oid, columnNames]);
    const indexes = await admin.query<{ statement: string }>(INDEXES, [oid, columnNames]);
    tables.push({
      schema,
      name,
      columns: shapes.rows,
      key: key!,
      indexes: indexes.rows.map(({ statement }) => statement),
    });
  }
  return tables;
}

/** PostgreSQL refuses changes of a table at the publisher if the published columns do not include its key. */
function publishingFaults({ schema, name, kind, identity, key }: CatalogueTable, columns: readonly string[]): string[] {
  const table = `${schema}.${name}`;
  if (kind !== 'r' && kind !== 'p') return [`${table}: only a table can be published`];
  if (!key) {
    return [
      identity === 'f'
        ? `${table}: REPLICA IDENTITY FULL does not go with published columns: use a unique index (ALTER TABLE … REPLICA IDENTITY USING INDEX …)`
        : `${table}: has no primary key: name a unique index over ${columns[0]} (ALTER TABLE … REPLICA IDENTITY USING INDEX …)`,
    ];
  }
  const outside = key.filter((column) => !columns.includes(column));
  return outside.length === 0
    ? []
    : [
        `${table}: its key has ${outside.join(', ')}, which is not published: name a unique index over ${columns[0]} (ALTER TABLE … REPLICA IDENTITY USING INDEX …)`,
      ];
}

const CATALOGUE_TABLES = `
  SELECT c.oid, n.nspname AS "schema", c.relname AS "name", c.relkind AS "kind", c.relreplident AS "identity",
         (SELECT array_agg(a.attname::text ORDER BY k.place)
          FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
          WHERE i.indrelid = c.oid AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END
            AND k.place <= i.indnkeyatts) AS "key"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN unnest($1::text[], $2::text[]) AS wanted (name, schema) ON wanted.name = c.relname AND wanted.schema = n.nspname
  ORDER BY c.relname`;

// A domain is replaced by its base type: the replica does not have the publisher's own types.
const COLUMNS = `
  SELECT a.attname AS "name",
         CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) ELSE format_type(t.oid, a.atttypmod) END AS "type",
         (SELECT quote_ident(n.nspname) || '.' || quote_ident(o.collname)
          FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace
          WHERE o.oid = a.attcollation AND o.collname <> 'default') AS "collation"
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
  WHERE a.attrelid = $1 AND a.attname = ANY ($2) AND a.attnum > 0
  ORDER BY array_position($2, a.attname::text)`;

// Indexes are not unique: the replica would check a deferred constraint of the publisher before the end of the transaction.
const INDEXES = `
  SELECT regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE (UNIQUE )?INDEX (.+?) ON (ONLY )?', 'CREATE INDEX IF NOT EXISTS \\2 ON ') AS "statement"
  FROM pg_index i
  WHERE i.indrelid = $1 AND i.indisvalid AND NOT i.indisprimary AND NOT i.indisreplident
    AND i.indexprs IS NULL AND i.indpred IS NULL
    AND (SELECT bool_and(a.attname = ANY ($2)) FROM unnest(i.indkey) AS k (attnum)
         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum)
  ORDER BY i.indexrelid`;
