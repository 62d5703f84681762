import type { Worker } from 'node:cluster';

/**
 * Numbers workers for the label of their metrics: each has the lowest number that no other living worker has. So a worker that ended leaves
 * its number to the one that replaces it, and there are never more numbers than workers at the same time: 0 to n-1, and up to 2n-1 while
 * old ones retire beside new ones. Two living workers never share a number: their counters would be summed, and fall when one ends.
 */
export function workerSlots() {
  const slots = new WeakMap<Worker, number>();
  return {
    /** @param living all workers that have not ended, the new one too */
    give(worker: Worker, living: readonly Worker[]): Worker {
      const used = new Set(living.map((other) => slots.get(other)));
      let slot = 0;
      while (used.has(slot)) slot += 1;
      slots.set(worker, slot);
      return worker;
    },
    of: (worker: Worker): string => String(slots.get(worker)),
  };
}
