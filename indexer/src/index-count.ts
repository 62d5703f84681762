import { systemClock } from '@pessoa/domain/data';
import { RebuildNeeded } from './change-source.ts';
import type { WrittenPage } from './follow-pages.ts';
import type { Totals } from './index-totals.ts';

/** The two sides that are compared. */
export interface CountedIndex {
  /** The highest version up to which none comes any more; undefined where Base C knows no versions. */
  settledVersion(position: string): number | undefined;
  /** What can be found in the index. */
  index(upTo: number | undefined): Promise<Totals>;
  baseC(maxVersion: number | undefined, signal: AbortSignal): Promise<Totals>;
}

export interface CountOptions {
  /** Between two counts, while they are quick. */
  readonly everyMillis: number;
  /** The index has all postings of Base C, and no other. */
  readonly onCounted?: (() => void) | undefined;
  /** They could not be counted; following goes on. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
  /** For tests: milliseconds that only go up, and the instant. */
  readonly elapsed?: () => number;
  readonly now?: () => number;
}

/** Counts beside following, one count at a time. */
export interface IndexCount {
  /**
   * After each page that is in the index.
   * @throws RebuildNeeded when rows of Base C were hidden from us
   */
  onPage(page: WrittenPage): void;
  /** Resolves when nothing is under way. */
  close(): Promise<void>;
}

/** A count that took a second is followed by fifty without one. */
const REST = 50;
/** What is found once may be a reading at a wrong moment. */
const CONFIRMATIONS = 2;

/**
 * Finds what no page tells of: rows removed or written without a word to us. Nobody has to stop writing for it. Of what a
 * page is known to hold at the most, a difference is allowed for; one beyond that, twice, is a hidden row.
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

  /** @returns what differs, in words */
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
    // No version up to there comes any more: each side only gets less, the index after Base C.
    if (isMore(base, before)) return differenceText(base, before);
    const after = await timed(() => sides.index(maxVersion));
    return isMore(after, base) ? differenceText(base, after) : undefined;
  }

  async function count(): Promise<void> {
    costMillis = 0;
    try {
      let found: string | undefined;
      for (let time = 0; time === 0 || (found !== undefined && time < CONFIRMATIONS); time++)
        found = await difference();
      if (found === undefined) onCounted?.();
      else rebuildNeeded = new RebuildNeeded(found);
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

const isSame = (one: Totals, other: Totals): boolean => !isMore(one, other) && !isMore(other, one);

/** True when `one` has something that `other` lacks. */
const isMore = (one: Totals, other: Totals): boolean =>
  one.postings > other.postings || (one.versionSum ?? 0) > (other.versionSum ?? 0) + inexact(one.versionSum ?? 0);

/** Beyond 2^53 a sum of versions is known to fifteen digits. */
const inexact = (sum: number): number => (sum <= Number.MAX_SAFE_INTEGER ? 0 : sum * 1e-15 * 8);

const differenceText = (base: Totals, index: Totals): string =>
  base.postings === index.postings
    ? `Base C and the index have ${base.postings} postings, but not the same: some were removed or written unseen`
    : `Base C has ${base.postings} postings where the index has ${index.postings}: some were removed or written unseen`;
