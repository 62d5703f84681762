import { TILE_WIDTH } from '@pessoa/transparency-log/tree/tiles';
import type { ClientBase } from 'pg';
import type { StoredTree } from '../tree/stored-tree.ts';
import { countsOf, type FaultCounts, NO_FAULTS } from './fault-kinds.ts';
import type { PersonKeys } from '../people/person-keys.ts';
import { checkPlacedRecords, findUnplacedRecords, type RecordFault } from './record-check.ts';
import { findFalseDecisions } from './seal-check.ts';

/** Pages of a step: a page is 256 places, 1,000 ids or 1,000 decisions on seals. */
const PAGES = 4;

type CheckedTree = Pick<StoredTree, 'size' | 'root' | 'mapRoot'>;

/** Checks all records, a few pages at a time, and begins again when its time has come. */
export interface ContinuousCheck {
  /** Checks the next pages of a tree that only grows. */
  step(
    db: ClientBase,
    tree: CheckedTree,
  ): Promise<{ readonly faults: readonly RecordFault[]; readonly hasEnded: boolean }>;
  /** The faults of the last whole check and of the present one. */
  faults(): FaultCounts;
}

/**
 * @param keys of the people of the records
 * @param everyMillis time from the end of a check to the next one
 * @param now milliseconds of a clock that only grows
 */
export function createContinuousCheck(
  keys: PersonKeys,
  everyMillis: number,
  now: () => number = () => performance.now(),
): ContinuousCheck {
  let next: (db: ClientBase, tree: CheckedTree) => Promise<RecordFault[]>;
  let isRunning = false;
  let dueAt = now();
  let faultsBefore = NO_FAULTS;
  let faultsNow = NO_FAULTS;

  /** Goes through the places first, then through the ids, then through the decisions on seals. */
  function begin(): void {
    let index = 0;
    let afterId: string | undefined;
    let areIdsChecked = false;
    let afterPosition: string | undefined;
    isRunning = true;
    faultsNow = NO_FAULTS;
    next = async (db, tree) => {
      if (index * TILE_WIDTH < tree.size) return checkPlacedRecords(db, index++, tree, keys);
      if (!areIdsChecked) {
        const { faults, last } = await findUnplacedRecords(db, afterId, tree.size);
        afterId = last;
        areIdsChecked = last === undefined;
        return faults;
      }
      const { faults, last } = await findFalseDecisions(db, afterPosition);
      afterPosition = last;
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
      const before = faultsNow;
      faultsNow = countsOf((kind) => before[kind] + faults.filter((fault) => fault.kind === kind).length);
      if (!isRunning) {
        faultsBefore = faultsNow;
        dueAt = now() + everyMillis;
      }
      return { faults, hasEnded: !isRunning };
    },
    faults: () => countsOf((kind) => Math.max(faultsBefore[kind], faultsNow[kind])),
  };
}
