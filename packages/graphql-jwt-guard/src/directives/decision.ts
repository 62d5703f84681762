/** Synchronous where possible: an `await` for each field would cost more than most decisions. */
export type Decision = boolean | Promise<boolean>;

const isPending = (decision: Decision): decision is Promise<boolean> =>
  typeof decision === 'object' && decision !== null;

/** Whether an item passes. Decides items in order and stops at the first that passes. Only `true` passes. */
export function someOf<T>(items: readonly T[], decide: (item: T) => Decision, from = 0): Decision {
  for (let i = from; i < items.length; i++) {
    const decision = decide(items[i] as T);
    if (decision === true) return true;
    if (isPending(decision)) return decision.then((passes) => passes === true || someOf(items, decide, i + 1));
  }
  return false;
}

/** Whether every item passes. Decides items in order and stops at the first that does not pass. Only `true` passes. */
export function everyOf<T>(items: readonly T[], decide: (item: T) => Decision, from = 0): Decision {
  for (let i = from; i < items.length; i++) {
    const decision = decide(items[i] as T);
    if (isPending(decision)) return decision.then((passes) => passes === true && everyOf(items, decide, i + 1));
    if (decision !== true) return false;
  }
  return true;
}
