import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '@pessoa/platform/config/environment';
import type { Pool } from 'pg';
import type { MovimentacaoLinha } from '../indice/movimentacao-document.ts';
import { type ChangePage, type ChangeSource, RebuildNeeded } from './change-source.ts';
import { movimentacaoColumns } from './movimentacao-columns.ts';
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
    async begin() {
      return { posicao: '0', async *copy() {} }; // all of it is after number 0
    },
    async *follow(_indice, posicao, signal) {
      let checkedAt = Number.NEGATIVE_INFINITY;
      const open = openNumbers(Number(posicao));
      let pending: { readonly upTo: number; writers: ReadonlySet<string> | undefined } | undefined;
      while (!signal.aborted) {
        if (performance.now() - checkedAt > SAME_TABLE_MILLIS) {
          await assertSameTable(baseC, open.settled());
          checkedAt = performance.now();
        }
        const emDia = new Date();
        const writers = await runningTransactions(baseC);
        if (pending) pending.writers ??= writers;
        const rows = await readRows(baseC, open.ranges(), pageRows);
        const isLast = rows.length < pageRows;
        open.see(rows.map(({ versao }) => versao));
        if (pending?.writers?.isDisjointFrom(writers) && (isLast || rows.at(-1)!.versao >= pending.upTo)) {
          open.settle(pending.upTo);
          pending = undefined;
        }
        if (!pending && open.highest() > open.settled()) pending = { upTo: open.highest(), writers: undefined };
        const page: ChangePage = {
          changes: rows,
          posicao: String(open.settled()),
          emDia: isLast ? emDia : undefined,
        };
        yield page;
        if (isLast) await sleep(pollMillis, undefined, { signal }).catch(() => {});
      }
    },
    async versionsOf(ids) {
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

interface VersionedRow {
  readonly versao: number;
  readonly linha: MovimentacaoLinha;
}

async function readRows(baseC: Pool, ranges: readonly NumberRange[], limit: number): Promise<VersionedRow[]> {
  const { rows } = await baseC.query<MovimentacaoLinha & { versao: string }>({
    name: 'indexer-page',
    text: PAGE,
    values: [ranges.map(({ de }) => de), ranges.map(({ ate }) => ate), limit],
  });
  return rows.map((linha) => ({ versao: Number(linha.versao), linha }));
}

const PAGE = `
  SELECT m.*
  FROM unnest($1::bigint[], $2::bigint[]) AS aberto (de, ate)
  CROSS JOIN LATERAL (
    SELECT ${movimentacaoColumns.join(', ')}, versao FROM movimentacao
    WHERE versao BETWEEN aberto.de AND aberto.ate ORDER BY versao LIMIT $3
  ) m
  ORDER BY m.versao LIMIT $3`;

/** Every transaction under way that may have written something holds a lock on its own number. */
async function runningTransactions(baseC: Pool): Promise<Set<string>> {
  const { rows } = await baseC.query<{ xid: string }>(RUNNING);
  return new Set(rows.map(({ xid }) => xid));
}

const RUNNING = `
  SELECT transactionid::text AS xid FROM pg_locks
  WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted`;

async function checkBase(baseC: Pool): Promise<void> {
  const { rows } = await baseC.query<{ replica: boolean; versao: boolean }>(OFFERED);
  const faults = [
    rows[0]!.replica && 'BASE_C_URL is a replica, where transactions under way cannot be seen',
    !rows[0]!.versao && 'BASE_C_URL lacks, or keeps from our role, movimentacao.versao',
  ].filter((fault) => fault !== false);
  if (faults.length > 0) throw new ConfigError(`indexer cannot follow by keyset:\n  ${faults.join('\n  ')}`);
}

const OFFERED = `
  SELECT pg_is_in_recovery() AS "replica", EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = to_regclass('movimentacao') AND attname = 'versao' AND NOT attisdropped
      AND has_column_privilege(attrelid, attnum, 'SELECT')
  ) AS "versao"`;

/** A table that was emptied and filled again has only new numbers: what the index has of the old ones is gone. */
async function assertSameTable(baseC: Pool, posicao: number): Promise<void> {
  if (posicao === 0) return;
  const { rows } = await baseC.query<{ old: boolean }>(
    'SELECT EXISTS (SELECT FROM movimentacao WHERE versao <= $1) AS "old"',
    [posicao],
  );
  if (!rows[0]!.old) throw new RebuildNeeded('no posting is left of those that were indexed');
}
