import { systemClock } from '@pessoa/domain/data';
import { RebuildNeeded } from './change-source.ts';
import type { WrittenPage } from './follow-pages.ts';
import type { Totals } from './index-totals.ts';

/** The counts that are compared. */
export interface CountedIndex {
  /** The highest version such that no change will get this version or a lower one; undefined if Base C has no versions. */
  settledVersion(position: string): number | undefined;
  /** Counts the postings that searches of the index find. */
  index(maxVersion: number | undefined): Promise<Totals>;
  baseC(maxVersion: number | undefined, signal: AbortSignal): Promise<Totals>;
}

export interface CountOptions {
  /** Time between two counts; longer if counting is slow. */
  readonly everyMillis: number;
  /** Called when the index has all postings of Base C, and no other. */
  readonly onCounted?: (() => void) | undefined;
  /** Called when a count fails. Following goes on. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
  /** For tests: a monotonic clock in milliseconds, and the current time. */
  readonly elapsed?: () => number;
  readonly now?: () => number;
}

/** Counts while the index follows, one count at a time. */
export interface IndexCount {
  /**
   * Must be called after each page that the index has.
   * @throws RebuildNeeded when the last count found a difference
   */
  onPage(page: WrittenPage): void;
  /** Ends the current count. */
  close(): Promise<void>;
}

/** After a count that took a second, the next one starts fifty seconds later at the earliest. */
const REST = 50;
/** A difference counts only if it is found twice: one alone may come from changes between the reads. */
const CONFIRMATIONS = 2;

/**
 * Finds rows that were removed or written without a change that the indexer sees. Writers need not stop. A difference that the
 * pages since the first count can explain is ignored. A larger one, found twice, needs a rebuild.
 */
export function indexCount(sides: CountedIndex, options: CountOptions): IndexCount {
  const { everyMillis, onCounted, onFailure } = options;
  const { elapsed = () => performance.now(), now = () => systemClock.now().getTime() } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let dueAtMillis = elapsed();
  let changes = 0;
  let position = '';
  let underWay: Promise<void> | undefined;
  let rebuildNeeded: RebuildNeeded | undefined;
  let waiting: { readonly after: number; readonly resume: () => void } | undefined;

  async function caughtUp(): Promise<void> {
    await new Promise<void>((resume) => void (waiting = { after: now(), resume }));
    signal.throwIfAborted();
  }

  let costMillis = 0;
  async function timed(ask: () => Promise<Totals>): Promise<Totals> {
    const startedAtMillis = elapsed();
    try {
      return await ask();
    } finally {
      costMillis += elapsed() - startedAtMillis;
    }
  }

  /** @returns the difference as a text; undefined if the counts agree */
  async function difference(): Promise<string | undefined> {
    const maxVersion = sides.settledVersion(position);
    const changesBefore = changes;
    const before = await timed(() => sides.index(maxVersion));
    const base = await timed(() => sides.baseC(maxVersion, signal));
    if (isSame(before, base)) return undefined;
    await caughtUp();
    if (maxVersion === undefined) {
      const most = changes - changesBefore;
      return Math.abs(before.postings - base.postings) > most ? differenceText(base, before) : undefined;
    }
    // No change gets a version up to `maxVersion` any more. Both counts can only fall, and the index falls after Base C.
    if (isMore(base, before)) return differenceText(base, before);
    const after = await timed(() => sides.index(maxVersion));
    return isMore(after, base) ? differenceText(base, after) : undefined;
  }

  async function count(): Promise<void> {
    costMillis = 0;
    try {
      let foundDifference: string | undefined;
      for (let time = 0; time === 0 || (foundDifference !== undefined && time < CONFIRMATIONS); time++)
        foundDifference = await difference();
      if (foundDifference === undefined) onCounted?.();
      else rebuildNeeded = new RebuildNeeded(foundDifference);
    } catch (error) {
      if (!signal.aborted) onFailure?.(error);
    } finally {
      dueAtMillis = elapsed() + Math.max(everyMillis, REST * costMillis);
    }
  }

  return {
    onPage(page) {
      if (rebuildNeeded) throw rebuildNeeded;
      changes += page.rows;
      position = page.position;
      if (!page.upToDateAt) return;
      if (waiting && page.upToDateAt.getTime() > waiting.after) {
        waiting.resume();
        waiting = undefined;
      }
      if (!underWay && elapsed() >= dueAtMillis) underWay = count().finally(() => (underWay = undefined));
    },
    async close() {
      stopping.abort();
      waiting?.resume();
      await underWay;
    },
  };
}

const isSame = (left: Totals, right: Totals): boolean => !isMore(left, right) && !isMore(right, left);

/** True if `left` has a posting or a version that `right` lacks. */
const isMore = (left: Totals, right: Totals): boolean =>
  left.postings > right.postings ||
  (left.versionSum ?? 0) > (right.versionSum ?? 0) + roundingErrorOf(left.versionSum ?? 0);

/** Above 2^53 a sum of versions is exact to fifteen digits. */
const roundingErrorOf = (sum: number): number => (sum <= Number.MAX_SAFE_INTEGER ? 0 : sum * 1e-15 * 8);

const differenceText = (base: Totals, index: Totals): string =>
  base.postings === index.postings
    ? `Base C and the index have ${base.postings} postings, but not the same: some were removed or written unseen`
    : `Base C has ${base.postings} postings where the index has ${index.postings}: some were removed or written unseen`;
