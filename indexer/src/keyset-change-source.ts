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
/** Time between two checks that the table was not emptied. */
const SAME_TABLE_MILLIS = 10_000;

export interface KeysetOptions {
  /** Wait before the next read of Base C after a read that found nothing more; default 500. */
  readonly pollMillis?: number;
  /** Rows of a page; default 5,000. */
  readonly pageRows?: number;
}

/**
 * Follows by `movimentacao.versao`: every insert and update gets a new number from a sequence. Removals are found only by counting.
 *
 * Transactions do not commit in the order of their numbers: one may hold a low number while others with higher numbers commit.
 * So the position moves up to a number only after a second read of all lower numbers. That read starts once every transaction
 * that was active at the first read has ended (docs/decisions/0011-event-index.md). Rows above the position are yielded at once.
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
      return { position: textOf({ settled: 0, base, numbering }), async *copy() {} }; // every posting has a number above 0
    },
    async *follow(_indice, position, signal) {
      let checkedAt = Number.NEGATIVE_INFINITY;
      let lastPosition = positionOf(position);
      const open = openNumbers(lastPosition.settled);
      let pending: { readonly maxVersion: number; writers: ReadonlySet<string> | undefined } | undefined;
      let pass: Pass | undefined;
      while (!signal.aborted) {
        if (performance.now() - checkedAt > SAME_TABLE_MILLIS) {
          await assertSameTable(baseC, open.settled());
          checkedAt = performance.now();
        }
        const upToDateAt = systemClock.now();
        const inspection = await inspectKeyset(baseC);
        assertFollowed(inspection, lastPosition);
        if (pending) pending.writers ??= inspection.writers;
        const haveEnded = pending?.writers?.isDisjointFrom(inspection.writers) ?? false;
        if (!pass || (haveEnded && !pass.settles)) pass = { upToDateAt, settles: haveEnded, passedTo: 0 };
        const rows = await readRows(baseC, above(open.ranges(), pass.passedTo), pageRows);
        const isLast = rows.length < pageRows;
        open.see(rows.map(({ version }) => version));
        const passedTo = isLast ? Number.POSITIVE_INFINITY : rows.at(-1)!.version;
        if (pending && pass.settles && passedTo >= pending.maxVersion) {
          open.settle(pending.maxVersion);
          pending = undefined;
          pass = { ...pass, settles: false };
        }
        if (!pending && open.highest() > open.settled()) pending = { maxVersion: open.highest(), writers: undefined };
        lastPosition = { settled: open.settled(), base: inspection.base, numbering: inspection.numbering };
        const page: ChangePage = {
          changes: rows,
          position: textOf(lastPosition),
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
    count: (maxVersion, signal) => countRows(baseC, COUNT, [maxVersion], signal),
    acknowledge() {},
    async forget() {},
    async forgetOthers() {},
    async close() {},
  };
}

/** One read of all open numbers, in one or more pages. */
interface Pass {
  /** At the end of the pass, everything committed before this instant is read. */
  readonly upToDateAt: Date;
  /** True if every transaction that `pending` waits for had ended when the pass began. Then the numbers it passes are settled. */
  readonly settles: boolean;
  /** The highest number that the pass has read. */
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

/** The query reads only the index on `versao`. */
const COUNT = `
  SELECT count(*) AS "postings", coalesce(sum(versao), 0) AS "versionSum" FROM movimentacao WHERE versao <= $1`;

/** @throws RebuildNeeded if Base C deleted every posting that was indexed: the keyset mode does not see removals */
async function assertSameTable(baseC: Pool, position: number): Promise<void> {
  if (position === 0) return;
  const { rows } = await baseC.query<{ old: boolean }>(
    'SELECT EXISTS (SELECT FROM movimentacao WHERE versao <= $1) AS "old"',
    [position],
  );
  if (!rows[0]!.old) throw new RebuildNeeded('every posting that was indexed has been deleted');
}
