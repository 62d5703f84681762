import { poolerFaults } from '@pessoa/postgres/pooler';
import { ConfigError } from '@pessoa/service/config/environment';
import type { Pool } from 'pg';
import { RebuildNeeded } from './change-source.ts';
import { type Lsn, parseLsn } from './lsn.ts';
import { movimentacaoColumns } from './movimentacao-columns.ts';

/** The publication that the owner of Base C creates for Pessoa (docs/bases.md). */
export const PUBLICATION = 'pessoa_movimentacao';

/** Base C's catalogue, and the end of its log at that moment. */
export interface LogicalInspection {
  /** The table of postings. */
  readonly oid: number;
  /** A mark that changes when changes may have been made that the log does not contain. */
  readonly mark: string;
  readonly end: Lsn;
  /** Why changes may be missed, with the statements that mend it. */
  readonly faults: readonly string[];
}

interface LogicalCatalogue {
  readonly mark: string;
  readonly end: string;
  readonly logical: boolean;
  readonly replication: boolean;
  readonly table: boolean;
  readonly logged: boolean;
  readonly publication: boolean;
  readonly filter: boolean;
  readonly identity: boolean;
}

/** @param baseC the reader role; its search path decides which table `movimentacao` is */
export async function inspectLogical(baseC: Pool, replication: Pool): Promise<LogicalInspection> {
  const { rows: tables } = await baseC.query<{ oid: number | null; hidden: boolean }>(OUR_TABLE);
  const { oid, hidden } = tables[0]!;
  if (oid === null) return { oid: 0, mark: '', end: 0, faults: ['there is no movimentacao'] };
  const { rows } = await replication.query<LogicalCatalogue>(INSPECTION, [PUBLICATION, oid, movimentacaoColumns]);
  const { mark, end, ...offered } = rows[0]!;
  const faults = [
    !offered.logical && 'wal_level is not logical',
    !offered.replication && 'the role of BASE_C_REPLICATION_URL lacks REPLICATION',
    !offered.table && 'movimentacao is not a table',
    !offered.logged && 'movimentacao is unlogged: ALTER TABLE movimentacao SET LOGGED',
    !offered.publication &&
      `there is no publication ${PUBLICATION} of movimentacao with insert, update, delete and truncate: ALTER PUBLICATION ${PUBLICATION} ADD TABLE movimentacao, or CREATE PUBLICATION`,
    offered.filter && `the publication ${PUBLICATION} has a filter and omits rows of movimentacao`,
    !offered.identity && 'the replica identity of movimentacao, or of a partition, does not contain id and cpf',
    hidden && 'row security may keep postings from the role of BASE_C_URL: ALTER ROLE … BYPASSRLS',
  ].filter((fault) => fault !== false);
  return { oid, mark, end: parseLsn(end), faults };
}

/** @throws ConfigError naming everything that Base C lacks for logical decoding */
export async function checkLogical(baseC: Pool, replication: Pool): Promise<void> {
  const faults = [
    ...(await poolerFaults(baseC, 'BASE_C_URL')),
    ...(await poolerFaults(replication, 'BASE_C_REPLICATION_URL')),
    ...(await inspectLogical(baseC, replication)).faults,
  ];
  if (faults.length === 0) return;
  throw new ConfigError(`indexer cannot follow by logical decoding (docs/bases.md):\n  ${faults.join('\n  ')}`);
}

/** @throws RebuildNeeded when the catalogue is not what it was when the index was begun */
export function assertUnchanged({ mark, faults }: LogicalInspection, indexedMark: string): void {
  if (faults.length > 0) throw new RebuildNeeded(`changes of postings may have been missed: ${faults.join('; ')}`);
  if (mark !== indexedMark) {
    throw new RebuildNeeded('Base C, its table of postings or what is published of it is not what was indexed');
  }
}

const OUR_TABLE = `
  SELECT c.oid::int8::float8 AS "oid", coalesce(row_security_active(c.oid), false) AS "hidden"
  FROM (SELECT to_regclass('movimentacao')::oid AS oid) c`;

// The mark covers what an owner can do without an entry in the log: put another table under the name, rewrite the table, attach or
// detach a partition with rows, change the publication for a while, restore or replace the server. Granting a right does not
// change the mark. The timeline comes from the current log file.
const INSPECTION = `
  WITH part AS (
    SELECT c.oid, c.relkind, c.relpersistence, c.relreplident FROM pg_class c
    WHERE c.oid = $2::oid OR c.oid IN (SELECT relid FROM pg_partition_tree($2::oid))
  )
  SELECT pg_current_wal_flush_lsn()::text AS "end",
    left(md5(concat_ws(' ',
      (SELECT system_identifier FROM pg_control_system()), left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
      (SELECT oid FROM pg_database WHERE datname = current_database()), $2::oid,
      (SELECT string_agg(concat_ws('/', part.oid, pg_relation_filenode(part.oid), relpersistence), ',' ORDER BY part.oid) FROM part),
      (SELECT string_agg(concat_ws('/', p.oid, p.xmin, r.oid, s.oid), ',')
       FROM pg_publication p LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid AND r.prrelid = $2::oid
       LEFT JOIN pg_publication_namespace s ON s.pnpubid = p.oid AND s.pnnspid = (SELECT relnamespace FROM pg_class WHERE oid = $2::oid)
       WHERE p.pubname = $1),
      (SELECT string_agg(concat_ws('/', attname, attnum, atttypid, atttypmod, attgenerated), ',' ORDER BY attnum)
       FROM pg_attribute WHERE attrelid = $2::oid AND attnum > 0 AND attname = ANY ($3))
    )), 16) AS "mark",
    current_setting('wal_level') = 'logical' AS "logical",
    (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user) AS "replication",
    (SELECT relkind IN ('r', 'p') FROM part WHERE oid = $2::oid) AS "table",
    (SELECT bool_and(relpersistence = 'p') FROM part) AS "logged",
    EXISTS (
      SELECT FROM pg_publication p JOIN pg_publication_tables t ON t.pubname = p.pubname
      WHERE p.pubname = $1 AND (t.schemaname, t.tablename) = (SELECT n.nspname, c.relname
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $2::oid)
        AND pubinsert AND pubupdate AND pubdelete AND pubtruncate
    ) AS "publication",
    EXISTS (
      SELECT FROM pg_publication_tables t WHERE t.pubname = $1 AND t.rowfilter IS NOT NULL
        AND (t.schemaname, t.tablename) = (SELECT n.nspname, c.relname
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $2::oid)
    ) AS "filter",
    (SELECT bool_and(relreplident = 'f' OR 2 = (
        SELECT count(*) FROM pg_index i JOIN pg_attribute a ON a.attrelid = part.oid AND a.attnum = ANY (i.indkey)
        WHERE i.indrelid = part.oid AND a.attname IN ('id', 'cpf')
          AND CASE relreplident WHEN 'i' THEN i.indisreplident WHEN 'd' THEN i.indisprimary ELSE false END
      )) FROM part WHERE relkind <> 'p') AS "identity"`;
