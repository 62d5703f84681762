import type { Span } from '@opentelemetry/api';
import { activeSpan, withSpan } from '@pessoa/service/tracing/tracing';

/** What one caller writes together. */
interface Entry<Item> {
  readonly items: readonly Item[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
  /** Of the caller, in a sampled trace. */
  readonly span: Span | undefined;
}

export interface GroupCommitOptions<Item> {
  /** Writes all of these items or none. */
  readonly write: (items: readonly Item[]) => Promise<void>;
  /** Whether the write failed because of one item. Then each entry is written again, alone. */
  readonly isFaultOfItem: (error: unknown) => boolean;
  /** The most writes at a time: another one begins beside those that run only when the last has run for `slowMillis`. */
  readonly writesMax: number;
  /** A write that runs for longer is slow, in milliseconds. */
  readonly slowMillis: number;
  /** The least time from the begin of a write with several callers to the next begin, in milliseconds: busy callers share larger writes. */
  readonly paceMillis: number;
  /** The most items in a write. An entry with more has a write of its own. */
  readonly itemsMax: number;
  /** The most time that an entry waits for its write to begin, in milliseconds. */
  readonly waitMillis: number;
}

/**
 * Writes in groups: what callers bring in one tick of the event loop, and while the write before runs, becomes one write. So the busier
 * the process, the fewer commits each entry costs. Where callers come one by one, nobody waits for others. A write that hangs holds up the next one for `slowMillis`.
 *
 * @returns a function that resolves once the items of this call are written, and rejects when they are not
 */
export function groupCommit<Item>(options: GroupCommitOptions<Item>): (items: readonly Item[]) => Promise<void> {
  const { write, isFaultOfItem, writesMax, slowMillis, paceMillis, itemsMax, waitMillis } = options;
  const waiting: Entry<Item>[] = [];
  let writes = 0;
  let isScheduled = false;
  /** Runs while the write that began last is not slow yet. */
  let quickness: NodeJS.Timeout | undefined;
  /** Runs until the next write may begin. */
  let pace: NodeJS.Timeout | undefined;
  let nextBegin = 0;

  function begin(): void {
    isScheduled = false;
    if (waiting.length === 0 || writes === writesMax || quickness || pace) return;
    const now = performance.now();
    if (now < nextBegin) {
      pace = setTimeout(() => {
        pace = undefined;
        begin();
      }, nextBegin - now);
      return;
    }
    const group = takeGroup(waiting, itemsMax);
    for (const { timer } of group) clearTimeout(timer);
    writes += 1;
    nextBegin = group.length > 1 ? now + paceMillis : 0;
    const quick = setTimeout(() => {
      quickness = undefined;
      begin();
    }, slowMillis);
    quickness = quick;
    // A write of several callers is in the trace of the first that has one, and never in one of another group.
    const span = group.find((entry) => entry.span)?.span;
    void withSpan(span, () => writeGroup(group)).finally(() => {
      writes -= 1;
      clearTimeout(quick);
      if (quickness === quick) quickness = undefined;
      begin();
    });
  }

  async function writeGroup(group: readonly Entry<Item>[]): Promise<void> {
    try {
      await write(group.flatMap(({ items }) => items));
      for (const { resolve } of group) resolve();
    } catch (error) {
      if (group.length > 1 && isFaultOfItem(error)) await writeAlone(group);
      else for (const { reject } of group) reject(error);
    }
  }

  /** The last ones wait for the others, and no longer than any entry. */
  async function writeAlone(group: readonly Entry<Item>[]): Promise<void> {
    const until = performance.now() + waitMillis;
    for (const { items, resolve, reject } of group) {
      if (performance.now() > until) reject(new LateWriteError());
      else await write(items).then(resolve, reject);
    }
  }

  return (items) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(entry), 1);
        reject(new LateWriteError());
      }, waitMillis);
      const entry: Entry<Item> = { items, resolve, reject, timer, span: activeSpan() };
      waiting.push(entry);
      if (isScheduled) return;
      isScheduled = true;
      setImmediate(begin);
    });
}

class LateWriteError extends Error {
  constructor() {
    super('the write did not begin in time');
  }
}

/** Takes the oldest entries, at least one, and as many as fit into a write. */
function takeGroup<Item>(waiting: Entry<Item>[], itemsMax: number): Entry<Item>[] {
  let items = 0;
  let count = 0;
  for (const entry of waiting) {
    items += entry.items.length;
    if (count > 0 && items > itemsMax) break;
    count += 1;
  }
  return waiting.splice(0, count);
}
