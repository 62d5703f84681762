import { openBatchLoader } from './batch-loader.ts';
import type { BatchLoader, BatchOutcome } from './batch-loader.ts';
import type { ImportKind } from './kinds/import-kind.ts';
import type { CheckedRecord } from './line-check.ts';

/** Two connections use both cores of a small server: loading takes half as long as over one connection. */
const CONNECTIONS = 2;

export type OnOutcome = (batch: readonly CheckedRecord[], outcome: BatchOutcome) => Promise<void>;

/** Loads batches concurrently and reports their outcomes one by one, in the order of the file. */
export interface BatchQueue {
  /** Resolves when there is room for the next batch; rejects when an earlier one failed. */
  add(batch: readonly CheckedRecord[]): Promise<void>;
  /** Resolves when every outcome is reported. */
  finish(): Promise<void>;
  /** Waits for the running batches and closes the connections. */
  close(): Promise<void>;
}

async function openLoaders(kind: ImportKind, connectionString: string, reportsPeople: boolean): Promise<BatchLoader[]> {
  const loaders: BatchLoader[] = [];
  try {
    for (let i = 0; i < CONNECTIONS; i++) loaders.push(await openBatchLoader(kind, connectionString, reportsPeople));
    return loaders;
  } catch (error) {
    await Promise.all(loaders.map((loader) => loader.close()));
    throw error;
  }
}

/** The batches of one file run concurrently: each key is merged in one batch only, so no batch waits for a row of another. */
export async function openBatchQueue(
  kind: ImportKind,
  connectionString: string,
  onOutcome: OnOutcome,
  tellsPeople = false,
): Promise<BatchQueue> {
  const loaders = await openLoaders(kind, connectionString, tellsPeople);
  const busy: Promise<unknown>[] = loaders.map(() => Promise.resolve());
  let lastReport: Promise<void> = Promise.resolve();
  let batches = 0;
  return {
    async add(batch) {
      const turn = batches++ % loaders.length;
      await busy[turn];
      const loading = (loaders[turn] as BatchLoader).load(batch);
      const reportOutcome = async (previousReport: Promise<void>): Promise<void> => {
        const [outcome] = await Promise.all([loading, previousReport]);
        await onOutcome(batch, outcome);
      };
      lastReport = reportOutcome(lastReport);
      lastReport.catch(() => {}); // thrown at the next batch of this connection, or by `finish`
      busy[turn] = lastReport;
    },
    finish: () => lastReport,
    async close() {
      await Promise.allSettled([...busy, lastReport]);
      await Promise.all(loaders.map((loader) => loader.close()));
    },
  };
}
