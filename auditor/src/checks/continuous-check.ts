import { TILE_WIDTH } from '@pessoa/transparency-log/tree/tiles';
import type { ClientBase } from 'pg';
import type { StoredTree } from '../tree/stored-tree.ts';
import { checkPlacedRecords, findUnplacedRecords, type RecordFault } from './record-check.ts';

/** Pages of a step: a page is 256 places or 1,000 ids. */
const PAGES = 4;

type CheckedTree = Pick<StoredTree, 'size' | 'root'>;

/** Checks all records, a few pages at a time, and begins again when its time has come. */
export interface ContinuousCheck {
  /** Checks the next pages of a tree that only grows. */
  step(
    db: ClientBase,
    tree: CheckedTree,
  ): Promise<{ readonly faults: readonly RecordFault[]; readonly hasEnded: boolean }>;
  /** The faults of the last whole check and of the present one. */
  faultCount(): number;
}

/**
 * @param everyMillis time from the end of a check to the next one
 * @param now milliseconds of a clock that only grows
 */
export function createContinuousCheck(
  everyMillis: number,
  now: () => number = () => performance.now(),
): ContinuousCheck {
  let next: (db: ClientBase, tree: CheckedTree) => Promise<RecordFault[]>;
  let isRunning = false;
  let dueAt = now();
  let faultsBefore = 0;
  let faultsNow = 0;

  /** Goes through the places first, then through the ids. */
  function begin(): void {
    let index = 0;
    let afterId: string | undefined;
    isRunning = true;
    faultsNow = 0;
    next = async (db, tree) => {
      if (index * TILE_WIDTH < tree.size) return checkPlacedRecords(db, index++, tree);
      const { faults, last } = await findUnplacedRecords(db, afterId);
      afterId = last;
      isRunning = last !== undefined;
      return faults;
    };
  }

  return {
    async step(db, tree) {
      if (!isRunning && now() < dueAt) return { faults: [], hasEnded: false };
      if (!isRunning) begin();
      const faults: RecordFault[] = [];
      for (let page = 0; page < PAGES && isRunning; page++) faults.push(...(await next(db, tree)));
      faultsNow += faults.length;
      if (!isRunning) {
        faultsBefore = faultsNow;
        dueAt = now() + everyMillis;
      }
      return { faults, hasEnded: !isRunning };
    },
    faultCount: () => Math.max(faultsBefore, faultsNow),
  };
}
