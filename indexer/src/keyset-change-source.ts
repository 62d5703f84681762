import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@pessoa/domain/data';
import type { MovimentacaoLinha } from '@pessoa/search-index/movimentacao-document';
import type { Pool } from 'pg';
import { countRows } from './base-count.ts';
import { type ChangePage, type ChangeSource, RebuildNeeded } from './change-source.ts';
import { assertFollowed, checkKeyset, lookAtKeyset, positionOf, textOf } from './keyset-contract.ts';
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
 * Follows by `movimentacao.versao`, which every insert and update draws anew. Removals are not seen, but by counting.
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
    check: () => checkKeyset(baseC),
    async faults(_indice, posicao) {
      try {
        const known = positionOf(posicao);
        assertFollowed(await lookAtKeyset(baseC), known);
        await assertSameTable(baseC, known.settled);
        return [];
      } catch (error) {
        if (error instanceof RebuildNeeded) return [error.message];
        throw error;
      }
    },
    async begin() {
      const { base, numbering } = await lookAtKeyset(baseC);
      return { posicao: textOf({ settled: 0, base, numbering }), async *copy() {} }; // all of it is after number 0
    },
    async *follow(_indice, posicao, signal) {
      let checkedAt = Number.NEGATIVE_INFINITY;
      let known = positionOf(posicao);
      const open = openNumbers(known.settled);
      let pending: { readonly upTo: number; writers: ReadonlySet<string> | undefined } | undefined;
      let pass: Pass | undefined;
      while (!signal.aborted) {
        if (performance.now() - checkedAt > SAME_TABLE_MILLIS) {
          await assertSameTable(baseC, open.settled());
          checkedAt = performance.now();
        }
        const emDia = systemClock.now();
        const look = await lookAtKeyset(baseC);
        assertFollowed(look, known);
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
        known = { settled: open.settled(), base: look.base, numbering: look.numbering };
        const page: ChangePage = {
          changes: rows,
          posicao: textOf(known),
          emDia: isLast ? pass.emDia : undefined,
        };
        pass = isLast ? undefined : { ...pass, passedTo };
        yield page;
        if (isLast) await sleep(pollMillis, undefined, { signal }).catch(() => {});
      }
    },
    async versionsOf(ids, _indice, posicao) {
      assertFollowed(await lookAtKeyset(baseC), positionOf(posicao));
      const { rows } = await baseC.query<{ id: string; versao: string }>(
        'SELECT id, versao FROM movimentacao WHERE id = ANY ($1)',
        [ids],
      );
      return new Map(rows.map(({ id, versao }) => [id, Number(versao)]));
    },
    settled: (posicao) => positionOf(posicao).settled,
    count: (upTo, signal) => countRows(baseC, COUNT, [upTo], signal),
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

/** The index on `versao` has all that it takes. */
const COUNT = `
  SELECT count(*) AS "postings", coalesce(sum(versao), 0) AS "versoes" FROM movimentacao WHERE versao <= $1`;

/** A table whose rows were all deleted has only new numbers: what the index has of the old ones is gone. */
async function assertSameTable(baseC: Pool, posicao: number): Promise<void> {
  if (posicao === 0) return;
  const { rows } = await baseC.query<{ old: boolean }>(
    'SELECT EXISTS (SELECT FROM movimentacao WHERE versao <= $1) AS "old"',
    [posicao],
  );
  if (!rows[0]!.old) throw new RebuildNeeded('no posting is left of those that were indexed');
}
