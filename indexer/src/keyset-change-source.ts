import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@pessoa/domain/data';
import type { MovimentacaoLinha } from '@pessoa/search-index/movimentacao-document';
import type { Pool } from 'pg';
import { countRows } from './base-count.ts';
import { type ChangePage, type ChangeSource, RebuildNeeded } from './change-source.ts';
import { assertFollowed, checkKeyset, inspectKeyset, positionOf, textOf } from './keyset-contract.ts';
import { toRow, selectedColumns, type SelectedRow } from './movimentacao-columns.ts';
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
    mode: 'keyset',
    isOrdered: false,
    check: () => checkKeyset(baseC),
    async faults(_indice, position) {
      try {
        const current = positionOf(position);
        assertFollowed(await inspectKeyset(baseC), current);
        await assertSameTable(baseC, current.settled);
        return [];
      } catch (error) {
        if (error instanceof RebuildNeeded) return [error.message];
        throw error;
      }
    },
    async begin() {
      const { base, numbering } = await inspectKeyset(baseC);
      return { position: textOf({ settled: 0, base, numbering }), async *copy() {} }; // all of it is after number 0
    },
    async *follow(_indice, position, signal) {
      let checkedAt = Number.NEGATIVE_INFINITY;
      let known = positionOf(position);
      const open = openNumbers(known.settled);
      let pending: { readonly upTo: number; writers: ReadonlySet<string> | undefined } | undefined;
      let pass: Pass | undefined;
      while (!signal.aborted) {
        if (performance.now() - checkedAt > SAME_TABLE_MILLIS) {
          await assertSameTable(baseC, open.settled());
          checkedAt = performance.now();
        }
        const upToDateAt = systemClock.now();
        const look = await inspectKeyset(baseC);
        assertFollowed(look, known);
        if (pending) pending.writers ??= look.writers;
        const haveEnded = pending?.writers?.isDisjointFrom(look.writers) ?? false;
        if (!pass || (haveEnded && !pass.settles)) pass = { upToDateAt, settles: haveEnded, passedTo: 0 };
        const rows = await readRows(baseC, above(open.ranges(), pass.passedTo), pageRows);
        const isLast = rows.length < pageRows;
        open.see(rows.map(({ version }) => version));
        const passedTo = isLast ? Number.POSITIVE_INFINITY : rows.at(-1)!.version;
        if (pending && pass.settles && passedTo >= pending.upTo) {
          open.settle(pending.upTo);
          pending = undefined;
          pass = { ...pass, settles: false };
        }
        if (!pending && open.highest() > open.settled()) pending = { upTo: open.highest(), writers: undefined };
        known = { settled: open.settled(), base: look.base, numbering: look.numbering };
        const page: ChangePage = {
          changes: rows,
          position: textOf(known),
          upToDateAt: isLast ? pass.upToDateAt : undefined,
        };
        pass = isLast ? undefined : { ...pass, passedTo };
        yield page;
        if (isLast) await sleep(pollMillis, undefined, { signal }).catch(() => {});
      }
    },
    async versionsOf(ids, _indice, position) {
      assertFollowed(await inspectKeyset(baseC), positionOf(position));
      const { rows } = await baseC.query<{ id: string; versao: string }>(
        'SELECT id, versao FROM movimentacao WHERE id = ANY ($1)',
        [ids],
      );
      return new Map(rows.map(({ id, versao }) => [id, Number(versao)]));
    },
    settledVersion: (position) => positionOf(position).settled,
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
  readonly upToDateAt: Date;
  /** It began when none was left of the transactions that `pending` waits for: what it has passed is settled. */
  readonly settles: boolean;
  readonly passedTo: number;
}

const above = (ranges: readonly NumberRange[], passedTo: number): NumberRange[] =>
  ranges.flatMap(({ first, last }) => (last <= passedTo ? [] : [{ first: Math.max(first, passedTo + 1), last }]));

interface VersionedRow {
  readonly version: number;
  readonly row: MovimentacaoLinha;
}

async function readRows(baseC: Pool, ranges: readonly NumberRange[], limit: number): Promise<VersionedRow[]> {
  const { rows } = await baseC.query<SelectedRow & { versao: string }>({
    text: PAGE,
    values: [ranges.map(({ first }) => first), ranges.map(({ last }) => last), limit],
  });
  return rows.map((row) => ({ version: Number(row.versao), row: toRow(row) }));
}

const PAGE = `
  SELECT m.*
  FROM unnest($1::bigint[], $2::bigint[]) AS open_range (first, last)
  CROSS JOIN LATERAL (
    SELECT ${selectedColumns}, versao FROM movimentacao
    WHERE versao BETWEEN open_range.first AND open_range.last ORDER BY versao LIMIT $3
  ) m
  ORDER BY m.versao LIMIT $3`;

/** The index on `versao` has all that it takes. */
const COUNT = `
  SELECT count(*) AS "postings", coalesce(sum(versao), 0) AS "versionSum" FROM movimentacao WHERE versao <= $1`;

/** A table whose rows were all deleted has only new numbers: what the index has of the old ones is gone. */
async function assertSameTable(baseC: Pool, position: number): Promise<void> {
  if (position === 0) return;
  const { rows } = await baseC.query<{ old: boolean }>(
    'SELECT EXISTS (SELECT FROM movimentacao WHERE versao <= $1) AS "old"',
    [position],
  );
  if (!rows[0]!.old) throw new RebuildNeeded('no posting is left of those that were indexed');
}
