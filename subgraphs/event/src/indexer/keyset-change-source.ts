import { setTimeout as sleep } from 'node:timers/promises';
import { poolerFaults } from '@pessoa/platform/base/pooler';
import { ConfigError } from '@pessoa/platform/config/environment';
import type { Pool } from 'pg';
import type { MovimentacaoLinha } from '../indice/movimentacao-document.ts';
import { type ChangePage, type ChangeSource, RebuildNeeded } from './change-source.ts';
import { linhaOf, selectedColumns, type SelectedRow } from './movimentacao-columns.ts';
import { type NumberRange, openNumbers } from './open-numbers.ts';

const PAGE_ROWS = 5_000;
/** Between two looks at whether the table was emptied. */
const SAME_TABLE_MILLIS = 10_000;

export interface KeysetOptions {
  /** Between two looks at Base C when there was nothing more to read; default 500. */
  readonly pollMillis?: number;
  /** Rows of a page; default 5,000. */
  readonly pageRows?: number;
}

/**
 * Follows by `movimentacao.versao`, which every insert and update draws anew. Removals are not seen.
 *
 * Numbers are not committed in the order in which they are drawn: a transaction may hold a low one while higher ones are
 * read. So the position goes up to a number only after everything below it was read again at a time when none of the
 * transactions that were under way when it was first seen still is (docs/decisions/0011-event-index.md). Rows above the
 * position are handed on at once.
 *
 * @param baseC reader role, of a primary; may select `movimentacao.versao`
 */
export function keysetChangeSource(baseC: Pool, options: KeysetOptions = {}): ChangeSource {
  const { pollMillis = 500, pageRows = PAGE_ROWS } = options;
  return {
    modo: 'keyset',
    isOrdered: false,
    check: () => checkBase(baseC),
    async faults(_indice, posicao) {
      try {
        const { settled, base } = positionOf(posicao);
        assertSameBase(await lookAt(baseC), base);
        await assertSameTable(baseC, settled);
        return [];
      } catch (error) {
        if (error instanceof RebuildNeeded) return [error.message];
        throw error;
      }
    },
    async begin() {
      const { base } = await lookAt(baseC);
      return { posicao: textOf({ settled: 0, base }), async *copy() {} }; // all of it is after number 0
    },
    async *follow(_indice, posicao, signal) {
      let checkedAt = Number.NEGATIVE_INFINITY;
      const { settled, base } = positionOf(posicao);
      const open = openNumbers(settled);
      let pending: { readonly upTo: number; writers: ReadonlySet<string> | undefined } | undefined;
      let pass: Pass | undefined;
      while (!signal.aborted) {
        if (performance.now() - checkedAt > SAME_TABLE_MILLIS) {
          await assertSameTable(baseC, open.settled());
          checkedAt = performance.now();
        }
        const emDia = new Date();
        const look = await lookAt(baseC);
        assertSameBase(look, base);
        if (pending) pending.writers ??= look.writers;
        const haveEnded = pending?.writers?.isDisjointFrom(look.writers) ?? false;
        if (!pass || (haveEnded && !pass.settles)) pass = { emDia, settles: haveEnded, passedTo: 0 };
        const rows = await readRows(baseC, above(open.ranges(), pass.passedTo), pageRows);
        const isLast = rows.length < pageRows;
        open.see(rows.map(({ versao }) => versao));
        const passedTo = isLast ? Number.POSITIVE_INFINITY : rows.at(-1)!.versao;
        if (pending && pass.settles && passedTo >= pending.upTo) {
          open.settle(pending.upTo);
          pending = undefined;
          pass = { ...pass, settles: false };
        }
        if (!pending && open.highest() > open.settled()) pending = { upTo: open.highest(), writers: undefined };
        const page: ChangePage = {
          changes: rows,
          posicao: textOf({ settled: open.settled(), base }),
          emDia: isLast ? pass.emDia : undefined,
        };
        pass = isLast ? undefined : { ...pass, passedTo };
        yield page;
        if (isLast) await sleep(pollMillis, undefined, { signal }).catch(() => {});
      }
    },
    async versionsOf(ids, _indice, posicao) {
      assertSameBase(await lookAt(baseC), positionOf(posicao).base);
      const { rows } = await baseC.query<{ id: string; versao: string }>(
        'SELECT id, versao FROM movimentacao WHERE id = ANY ($1)',
        [ids],
      );
      return new Map(rows.map(({ id, versao }) => [id, Number(versao)]));
    },
    acknowledge() {},
    async forget() {},
    async forgetOthers() {},
    async close() {},
  };
}

/** Once through everything open, in as many pages as it takes: a full page goes on after the one before. */
interface Pass {
  /** Everything committed before this is read when the pass ends. */
  readonly emDia: Date;
  /** It began when none was left of the transactions that `pending` waits for: what it has passed is settled. */
  readonly settles: boolean;
  readonly passedTo: number;
}

const above = (ranges: readonly NumberRange[], passedTo: number): NumberRange[] =>
  ranges.flatMap(({ de, ate }) => (ate <= passedTo ? [] : [{ de: Math.max(de, passedTo + 1), ate }]));

interface KeysetPosition {
  /** Every number up to here was read for good. */
  readonly settled: number;
  /** The mark of the base that they are numbers of. */
  readonly base: string;
}

const textOf = ({ settled, base }: KeysetPosition): string => `${settled}@${base}`;

function positionOf(posicao: string): KeysetPosition {
  const [settled, base] = posicao.split('@');
  if (!base) throw new RebuildNeeded('the position does not say of which Base C it is');
  return { settled: Number(settled), base };
}

interface VersionedRow {
  readonly versao: number;
  readonly linha: MovimentacaoLinha;
}

async function readRows(baseC: Pool, ranges: readonly NumberRange[], limit: number): Promise<VersionedRow[]> {
  const { rows } = await baseC.query<SelectedRow & { versao: string }>({
    text: PAGE,
    values: [ranges.map(({ de }) => de), ranges.map(({ ate }) => ate), limit],
  });
  return rows.map((linha) => ({ versao: Number(linha.versao), linha: linhaOf(linha) }));
}

const PAGE = `
  SELECT m.*
  FROM unnest($1::bigint[], $2::bigint[]) AS aberto (de, ate)
  CROSS JOIN LATERAL (
    SELECT ${selectedColumns}, versao FROM movimentacao
    WHERE versao BETWEEN aberto.de AND aberto.ate ORDER BY versao LIMIT $3
  ) m
  ORDER BY m.versao LIMIT $3`;

interface Look {
  /** Another one wherever numbers may go back: another server or database, after a failover, after the table was emptied. */
  readonly base: string;
  /** Every transaction under way that may have written something: each holds a lock on its own number. */
  readonly writers: ReadonlySet<string>;
}

async function lookAt(baseC: Pool): Promise<Look> {
  const { rows } = await baseC.query<{ base: string | null; writers: string[] }>(LOOK);
  const { base, writers } = rows[0]!;
  if (base === null) throw new Error('Base C has become a replica, where transactions under way cannot be seen');
  return { base, writers: new Set(writers) };
}

// The timeline is that of the log being written: the control file has the new one only after the first checkpoint.
const LOOK = `
  SELECT CASE WHEN NOT pg_is_in_recovery() THEN left(md5(concat_ws(' ',
      (SELECT system_identifier FROM pg_control_system()),
      left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
      (SELECT oid FROM pg_database WHERE datname = current_database()),
      pg_relation_filenode(to_regclass('movimentacao'))
    )), 16) END AS "base",
    ARRAY(
      SELECT transactionid::text FROM pg_locks
      WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted
    ) AS "writers"`;

function assertSameBase({ base }: Look, known: string): void {
  if (base !== known) throw new RebuildNeeded('Base C is not the one that was indexed, or its postings were replaced');
}

async function checkBase(baseC: Pool): Promise<void> {
  const { rows } = await baseC.query<{ replica: boolean; versao: boolean; trigger: boolean; control: boolean }>(
    OFFERED,
  );
  const faults = [
    ...(await poolerFaults(baseC, 'BASE_C_URL')),
    rows[0]!.replica && 'BASE_C_URL is a replica, where transactions under way cannot be seen',
    !rows[0]!.versao && 'BASE_C_URL lacks, or keeps from our role, movimentacao.versao',
    rows[0]!.versao && !rows[0]!.trigger && 'no trigger of movimentacao fires always before each insert and update',
    !rows[0]!.control && 'the role of BASE_C_URL may not call pg_control_system and pg_walfile_name',
  ].filter((fault) => fault !== false);
  if (faults.length > 0) throw new ConfigError(`indexer cannot follow by keyset:\n  ${faults.join('\n  ')}`);
}

const OFFERED = `
  SELECT pg_is_in_recovery() AS "replica", has_function_privilege('pg_control_system()', 'EXECUTE')
    AND has_function_privilege('pg_walfile_name(pg_lsn)', 'EXECUTE') AS "control", EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = to_regclass('movimentacao') AND attname = 'versao' AND NOT attisdropped
      AND has_column_privilege(attrelid, attnum, 'SELECT')
  ) AS "versao", EXISTS (
    SELECT FROM pg_trigger -- of each row, before, at insert and update
    WHERE tgrelid = to_regclass('movimentacao') AND tgenabled = 'A' AND tgtype & 23 = 23
  ) AS "trigger"`;

/** A table whose rows were all deleted has only new numbers: what the index has of the old ones is gone. */
async function assertSameTable(baseC: Pool, posicao: number): Promise<void> {
  if (posicao === 0) return;
  const { rows } = await baseC.query<{ old: boolean }>(
    'SELECT EXISTS (SELECT FROM movimentacao WHERE versao <= $1) AS "old"',
    [posicao],
  );
  if (!rows[0]!.old) throw new RebuildNeeded('no posting is left of those that were indexed');
}
