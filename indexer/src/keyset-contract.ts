import { poolerFaults } from '@pessoa/postgres/pooler';
import { ConfigError } from '@pessoa/service/config/environment';
import type { Pool } from 'pg';
import { RebuildNeeded } from './change-source.ts';

export interface KeysetPosition {
  /** Every posting up to this number was read, and no transaction can add one. */
  readonly settled: number;
  /** The mark of the base that the numbers belong to. */
  readonly base: string;
  /** The mark of the triggers and sequences that number postings; absent in positions of older versions of Pessoa. */
  readonly numbering: string | undefined;
}

export const textOf = ({ settled, base, numbering }: KeysetPosition): string =>
  [settled, base, numbering].filter((part) => part !== undefined).join('@');

export function positionOf(position: string): KeysetPosition {
  const [settled, base, numbering] = position.split('@');
  if (!base) throw new RebuildNeeded('the position does not name its Base C');
  return { settled: Number(settled), base, numbering };
}

/** Base C's catalogue and active transactions, at one moment. */
export interface KeysetInspection {
  /** A mark that changes when numbers may start again: another server or database, a failover, an emptied table. */
  readonly base: string;
  /** A mark that changes when a posting may have been inserted or updated without a new number. */
  readonly numbering: string;
  /** The ids of the active transactions that may have written. Each holds a lock on its id. */
  readonly writers: ReadonlySet<string>;
  /** The last number of the sequence; undefined if our role may not read it. */
  readonly drawn: number | undefined;
  /** Why inserts and updates may be missed, with the statements that mend it. */
  readonly faults: readonly string[];
  /** Why queries of Base C are slow, with the statements that mend it. */
  readonly warnings: readonly string[];
}

interface KeysetCatalogue {
  readonly base: string | null;
  readonly numbering: string;
  readonly writers: readonly string[];
  readonly hidden: boolean;
  readonly unnumbered: readonly string[];
  readonly sequences: readonly {
    readonly name: string;
    readonly cycle: boolean;
    readonly cache: number;
    readonly increment: number;
    readonly last: number | null;
  }[];
  readonly highest: string | null;
  readonly low: boolean;
  readonly nullable: boolean;
  readonly unindexed: boolean;
  readonly nowhere: readonly string[];
}

/** @param baseC reader role */
export async function inspectKeyset(baseC: Pool): Promise<KeysetInspection> {
  const { rows } = await baseC.query<KeysetCatalogue>(INSPECTION);
  const { base, numbering, writers, hidden, unnumbered, sequences, highest, low, nullable, unindexed, nowhere } =
    rows[0]!;
  if (base === null) throw new Error('Base C has become a replica, where transactions under way cannot be seen');
  const drawn = sequences.flatMap(({ last }) => (last === null ? [] : [last]));
  const isBehind = (last: number | null): boolean => last !== null && highest !== null && last < Number(highest);
  const faults = [
    ...unnumbered.map(
      (table) =>
        `no trigger of ${table} fires always before each insert and update of any column: ALTER TABLE ${table} ENABLE ALWAYS TRIGGER movimentacao_versao`,
    ),
    ...nowhere.map(
      (name) =>
        `the trigger's function takes its numbers from ${name}, which is not there: CREATE OR REPLACE FUNCTION movimentacao_versao with the name that the sequence has now`,
    ),
    nullable && 'versao may be null: ALTER TABLE movimentacao ALTER COLUMN versao SET NOT NULL',
    low && 'there are postings with numbers below 1: UPDATE movimentacao SET versao = versao WHERE versao < 1',
    hidden && 'row security may keep postings from the role of BASE_C_URL: ALTER ROLE … BYPASSRLS',
    ...sequences.flatMap(({ name, cycle, cache, increment, last }) => [
      cycle && `the sequence ${name} begins again after its last number: ALTER SEQUENCE ${name} NO CYCLE`,
      cache > 1 && `sessions take ${cache} numbers of ${name} ahead: ALTER SEQUENCE ${name} CACHE 1`,
      increment < 1 && `the sequence ${name} counts down: ALTER SEQUENCE ${name} INCREMENT 1`,
      isBehind(last) &&
        `the sequence ${name} was set back: SELECT setval('${name}', (SELECT max(versao) FROM movimentacao))`,
    ]),
  ].filter((fault) => fault !== false);
  return {
    base,
    numbering,
    writers: new Set(writers),
    drawn: drawn.length > 0 ? Math.min(...drawn) : undefined,
    faults,
    warnings: unindexed
      ? ['no index begins with versao: CREATE INDEX CONCURRENTLY movimentacao_versao_idx ON movimentacao (versao)']
      : [],
  };
}

// The timeline comes from the current log file: the control file has a new timeline only after the first checkpoint. Disabling
// and enabling a trigger changes its `xmin`. Restarting a sequence changes its file.
const INSPECTION = `
  WITH RECURSIVE part (oid) AS (
      SELECT to_regclass('movimentacao')::oid UNION SELECT i.inhrelid FROM pg_inherits i JOIN part ON i.inhparent = part.oid
  ), numbering AS (
    SELECT t.*, t.xmin AS written, p.xmin AS function_written, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    -- of each row, before, at insert and update
    WHERE t.tgrelid IN (SELECT oid FROM part) AND NOT t.tgisinternal AND t.tgtype & 23 = 23
  ), named AS (
    SELECT found[1] AS name
    FROM numbering, regexp_matches(prosrc, $re$nextval\\(\\s*'((?:"?\\w+"?\\.)?"?\\w+"?)'$re$, 'gi') found
  ), seq AS (
    SELECT s.*, c.oid, c.oid::regclass::text AS name, pg_relation_filenode(c.oid) AS file FROM pg_sequence s
    JOIN pg_class c ON c.oid = s.seqrelid
    WHERE c.oid IN (
        SELECT d.objid FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjid = to_regclass('movimentacao')::oid
          AND a.attname = 'versao'
      UNION
        SELECT to_regclass(name)::oid FROM named
    )
  )
  SELECT CASE WHEN NOT pg_is_in_recovery() THEN left(md5(concat_ws(' ',
      (SELECT system_identifier FROM pg_control_system()),
      left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
      (SELECT oid FROM pg_database WHERE datname = current_database()),
      pg_relation_filenode(to_regclass('movimentacao'))
    )), 16) END AS "base",
    left(md5(concat_ws(' ',
      (SELECT string_agg(concat_ws('/', oid, pg_relation_filenode(oid)), ',' ORDER BY oid) FROM part),
      (SELECT string_agg(concat_ws('/', oid, written, tgenabled, tgfoid, function_written), ',' ORDER BY oid) FROM numbering),
      (SELECT string_agg(concat_ws('/', oid, file), ',' ORDER BY oid) FROM seq)
    )), 16) AS "numbering",
    ARRAY(
      SELECT transactionid::text FROM pg_locks
      WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted
    ) AS "writers",
    coalesce(row_security_active(to_regclass('movimentacao')), false) AS "hidden",
    ARRAY(
      SELECT c.oid::regclass::text FROM part JOIN pg_class c ON c.oid = part.oid
      WHERE c.relkind <> 'p' AND NOT EXISTS (
        SELECT FROM numbering n
        WHERE n.tgrelid = c.oid AND n.tgenabled = 'A' AND n.tgqual IS NULL AND n.tgattr = ''::int2vector
      ) ORDER BY 1
    ) AS "unnumbered",
    (SELECT coalesce(json_agg(json_build_object('name', name, 'cycle', seqcycle, 'cache', seqcache, 'increment', seqincrement,
       'last', CASE WHEN has_sequence_privilege(oid, 'SELECT') THEN pg_sequence_last_value(oid) END) ORDER BY name), '[]')
     FROM seq) AS "sequences",
    (SELECT max(versao)::text FROM movimentacao) AS "highest",
    EXISTS (SELECT FROM movimentacao WHERE versao < 1) AS "low",
    EXISTS (
      SELECT FROM pg_attribute a JOIN part ON part.oid = a.attrelid WHERE a.attname = 'versao' AND NOT a.attnotnull
    ) AS "nullable",
    EXISTS (
      SELECT FROM part JOIN pg_class c ON c.oid = part.oid WHERE c.relkind <> 'p' AND NOT EXISTS (
        SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL AND a.attname = 'versao'
      )
    ) AS "unindexed",
    ARRAY(SELECT DISTINCT name FROM named WHERE to_regclass(name) IS NULL ORDER BY 1) AS "nowhere"`;

/** @throws RebuildNeeded when numbers may have started again, or changes may have been made without a new number */
export function assertFollowed(inspection: KeysetInspection, indexed: KeysetPosition): void {
  if (inspection.base !== indexed.base) {
    throw new RebuildNeeded('Base C is not the one that was indexed, or its postings were replaced');
  }
  if (inspection.faults.length > 0) {
    throw new RebuildNeeded(`changes of postings may have been missed: ${inspection.faults.join('; ')}`);
  }
  if (indexed.numbering !== undefined && inspection.numbering !== indexed.numbering) {
    throw new RebuildNeeded('what numbers the postings of Base C, or a part of their table, is not what was indexed');
  }
  if (inspection.drawn !== undefined && inspection.drawn < indexed.settled) {
    throw new RebuildNeeded('the sequence that numbers the postings of Base C was set back');
  }
}

/**
 * @returns warnings about slow queries, with the statements that mend them
 * @throws ConfigError naming everything that Base C lacks for following by keyset
 */
export async function checkKeyset(baseC: Pool): Promise<readonly string[]> {
  const { rows } = await baseC.query<{ replica: boolean; versao: boolean; control: boolean }>(OFFERED);
  const faults: (string | false)[] = [
    ...(await poolerFaults(baseC, 'BASE_C_URL')),
    rows[0]!.replica && 'BASE_C_URL is a replica, where transactions under way cannot be seen',
    !rows[0]!.versao && 'BASE_C_URL lacks, or keeps from our role, movimentacao.versao',
    !rows[0]!.control && 'the role of BASE_C_URL may not call pg_control_system and pg_walfile_name',
  ];
  const foundFaults = faults.filter((fault) => fault !== false);
  const inspection = foundFaults.length === 0 ? await inspectKeyset(baseC) : undefined;
  foundFaults.push(...(inspection?.faults ?? []));
  if (foundFaults.length > 0)
    throw new ConfigError(`indexer cannot follow by keyset (docs/bases.md):\n  ${foundFaults.join('\n  ')}`);
  return inspection?.warnings ?? [];
}

const OFFERED = `
  SELECT pg_is_in_recovery() AS "replica", has_function_privilege('pg_control_system()', 'EXECUTE')
    AND has_function_privilege('pg_walfile_name(pg_lsn)', 'EXECUTE') AS "control", EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = to_regclass('movimentacao') AND attname = 'versao' AND NOT attisdropped
      AND has_column_privilege(attrelid, attnum, 'SELECT')
  ) AS "versao"`;
