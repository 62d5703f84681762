import { openBatchLoader } from './batch-loader.ts';
import type { BatchLoader, BatchOutcome } from './batch-loader.ts';
import type { ImportKind } from './kinds/import-kind.ts';
import type { CheckedRecord } from './line-check.ts';

/** Two use both cores of a small server: it takes batches in twice as fast as over one connection. */
const CONNECTIONS = 2;

export type OnOutcome = (batch: readonly CheckedRecord[], outcome: BatchOutcome) => Promise<void>;

/** Batches loaded side by side, their outcomes told one by one in the order of the file. */
export interface BatchQueue {
  /** Resolves when there is room for the next batch; rejects when an earlier one failed. */
  add(batch: readonly CheckedRecord[]): Promise<void>;
  /** Resolves when every outcome has been told. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

async function openLoaders(kind: ImportKind, connectionString: string, tellsPeople: boolean): Promise<BatchLoader[]> {
  const loaders: BatchLoader[] = [];
  try {
    for (let i = 0; i < CONNECTIONS; i++) loaders.push(await openBatchLoader(kind, connectionString, tellsPeople));
    return loaders;
  } catch (error) {
    await Promise.all(loaders.map((loader) => loader.close()));
    throw error;
  }
}

/** Batches of one file may overtake each other: a key is merged in one of them only, so none waits for a row of another. */
export async function openBatchQueue(
  kind: ImportKind,
  connectionString: string,
  onOutcome: OnOutcome,
  tellsPeople = false,
): Promise<BatchQueue> {
  const loaders = await openLoaders(kind, connectionString, tellsPeople);
  const busy: Promise<unknown>[] = loaders.map(() => Promise.resolve());
  let told: Promise<void> = Promise.resolve();
  let added = 0;
  return {
    async add(batch) {
      const turn = added++ % loaders.length;
      await busy[turn];
      const loading = (loaders[turn] as BatchLoader).load(batch);
      const tellOutcome = async (before: Promise<void>): Promise<void> => {
        const [outcome] = await Promise.all([loading, before]);
        await onOutcome(batch, outcome);
      };
      told = tellOutcome(told);
      told.catch(() => {}); // comes out at the next batch of this connection, or at the end
      busy[turn] = told;
    },
    finish: () => told,
    async close() {
      await Promise.allSettled([...busy, told]);
      await Promise.all(loaders.map((loader) => loader.close()));
    },
  };
}
