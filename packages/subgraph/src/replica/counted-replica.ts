import type { BaseContract } from '@pessoa/bases/base-definition';
import { type CountedSides, countFaults } from './row-counts.ts';
import type { PublishedTable, PublisherCatalogue } from './publisher-catalogue.ts';

/** What counting the rows of both sides has proved; it goes on in the background, and takes a hundredth of the time. */
export interface CountedReplica {
  /** Tables that had other totals, or whose partitions are others than when they were counted. */
  faults(catalogue: PublisherCatalogue): string[];
  /** True when it is time for it: now and then, and at once where partitions have changed. */
  isDue(catalogue: PublisherCatalogue): boolean;
  /** Never rejects; one count of a copy at a time. */
  count(sides: CountedSides, catalogue: PublisherCatalogue): Promise<void>;
  /** All is copied anew: what was counted, or is being counted, was of another copy. */
  forget(): void;
}

const FIRST_AFTER_MILLIS = 30_000;
const EVERY_MILLIS = 300_000;
/** After a difference or a failure: what mends it should be seen soon. */
const AGAIN_MILLIS = 10_000;
/** A count that took a second is followed by a hundred without one. */
const REST = 100;

export function countedReplica(contract: BaseContract): CountedReplica {
  const tables = Object.keys(contract);
  /** Which partitions a table had when no row was lacking, and what it was when it was last counted. */
  const proven = new Map<string, string>();
  const tried = new Map<string, string>();
  let found: readonly string[] = [];
  let dueAtMillis = performance.now() + FIRST_AFTER_MILLIS;
  let underWay: { readonly ofCopy: number; readonly end: Promise<void> } | undefined;
  let copies = 0;

  const unproven = (catalogue: PublisherCatalogue): string[] =>
    tables.filter((table) => (catalogue.get(table)?.partitions ?? '') !== (proven.get(table) ?? ''));
  const isOther = (catalogue: PublisherCatalogue): boolean =>
    unproven(catalogue).some((table) => tried.get(table) !== placeOf(catalogue.get(table)));

  async function countNow(sides: CountedSides, catalogue: PublisherCatalogue): Promise<void> {
    const startedAtMillis = performance.now();
    const ofCopy = copies;
    for (const [table, published] of catalogue) tried.set(table, placeOf(published)!);
    let isProven = false;
    try {
      const faults = await countFaults(sides, catalogue);
      if (ofCopy !== copies) return;
      found = faults;
      isProven = found.length === 0;
      if (isProven) for (const [table, { partitions }] of catalogue) proven.set(table, partitions);
    } catch {
      // Not known, so as before: looks find out whether a server is lost.
    }
    const restMillis = REST * (performance.now() - startedAtMillis);
    dueAtMillis = performance.now() + Math.max(isProven ? EVERY_MILLIS : AGAIN_MILLIS, restMillis);
  }

  return {
    faults: (catalogue) => [
      ...found,
      ...unproven(catalogue).map((table) => `${table} has partitions whose rows were not counted yet`),
    ],
    isDue: (catalogue) => underWay?.ofCopy !== copies && (performance.now() >= dueAtMillis || isOther(catalogue)),
    count(sides, catalogue) {
      if (underWay?.ofCopy === copies) return underWay.end;
      const before = underWay?.end ?? Promise.resolve();
      const count = { ofCopy: copies, end: before.then(() => countNow(sides, catalogue)) };
      underWay = count;
      void count.end.then(() => {
        if (underWay === count) underWay = undefined;
      });
      return count.end;
    },
    forget() {
      copies++;
      found = [];
      proven.clear();
      tried.clear();
      dueAtMillis = performance.now() + FIRST_AFTER_MILLIS;
    },
  };
}

const placeOf = (published: PublishedTable | undefined): string | undefined =>
  published && `${published.origin} ${published.partitions}`;
