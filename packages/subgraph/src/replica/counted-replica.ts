import type { BaseContract } from '@pessoa/bases/base-definition';
import { type CountedSides, countFaults } from './row-counts.ts';
import type { PublishedTable, PublisherCatalogue } from './publisher-catalogue.ts';

/** Compares the row counts of a replica and its publisher in the background. Counting takes at most a hundredth of the time. */
export interface CountedReplica {
  /** Tables whose counts differ, and tables whose partitions have changed since their last equal count. */
  faults(catalogue: PublisherCatalogue): string[];
  /** True when a count is due: every few minutes, and at once after partitions have changed. */
  isDue(catalogue: PublisherCatalogue): boolean;
  /** Counts now, or waits for the count in progress. Never rejects. */
  count(sides: CountedSides, catalogue: PublisherCatalogue): Promise<void>;
  /** Discards all results, including those of a count in progress: the replica is copied anew. */
  forget(): void;
}

const FIRST_AFTER_MILLIS = 30_000;
const EVERY_MILLIS = 300_000;
/** After a difference or a failure: a repair should be noticed soon. */
const AGAIN_MILLIS = 10_000;
/** A count that took a second is followed by a hundred seconds without counting. */
const REST = 100;

export function countedReplica(contract: BaseContract): CountedReplica {
  const tables = Object.keys(contract);
  /** Partitions of each table at its last equal count. */
  const provenPartitions = new Map<string, string>();
  const lastPlaces = new Map<string, string>();
  let countedFaults: readonly string[] = [];
  let dueAtMillis = performance.now() + FIRST_AFTER_MILLIS;
  let currentCount: { readonly ofCopy: number; readonly end: Promise<void> } | undefined;
  let copies = 0;

  const unprovenTables = (catalogue: PublisherCatalogue): string[] =>
    tables.filter((table) => (catalogue.get(table)?.partitions ?? '') !== (provenPartitions.get(table) ?? ''));
  const hasNewPlace = (catalogue: PublisherCatalogue): boolean =>
    unprovenTables(catalogue).some((table) => lastPlaces.get(table) !== placeOf(catalogue.get(table)));

  async function countNow(sides: CountedSides, catalogue: PublisherCatalogue): Promise<void> {
    const startedAtMillis = performance.now();
    const ofCopy = copies;
    for (const [table, published] of catalogue) lastPlaces.set(table, placeOf(published)!);
    let isProven = false;
    try {
      const faults = await countFaults(sides, catalogue);
      if (ofCopy !== copies) return;
      countedFaults = faults;
      isProven = countedFaults.length === 0;
      if (isProven) for (const [table, { partitions }] of catalogue) provenPartitions.set(table, partitions);
    } catch {
      // The previous results stay. Looks of the monitor notice a lost server.
    }
    const restMillis = REST * (performance.now() - startedAtMillis);
    dueAtMillis = performance.now() + Math.max(isProven ? EVERY_MILLIS : AGAIN_MILLIS, restMillis);
  }

  return {
    faults: (catalogue) => [
      ...countedFaults,
      ...unprovenTables(catalogue).map((table) => `${table} has partitions whose rows were not counted yet`),
    ],
    isDue: (catalogue) =>
      currentCount?.ofCopy !== copies && (performance.now() >= dueAtMillis || hasNewPlace(catalogue)),
    count(sides, catalogue) {
      if (currentCount?.ofCopy === copies) return currentCount.end;
      const previousEnd = currentCount?.end ?? Promise.resolve();
      const count = { ofCopy: copies, end: previousEnd.then(() => countNow(sides, catalogue)) };
      currentCount = count;
      void count.end.then(() => {
        if (currentCount === count) currentCount = undefined;
      });
      return count.end;
    },
    forget() {
      copies++;
      countedFaults = [];
      provenPartitions.clear();
      lastPlaces.clear();
      dueAtMillis = performance.now() + FIRST_AFTER_MILLIS;
    },
  };
}

const placeOf = (published: PublishedTable | undefined): string | undefined =>
  published && `${published.origin} ${published.partitions}`;
