/** A decision that is taken at once where it can be: most are, and an await for each field costs more than they do. */
export type Decision = boolean | Promise<boolean>;

const isPending = (decision: Decision): decision is Promise<boolean> =>
  typeof decision === 'object' && decision !== null;

/** Whether one item passes, asked in order and no further than needed. Only `true` passes. */
export function someOf<T>(items: readonly T[], decide: (item: T) => Decision, from = 0): Decision {
  for (let i = from; i < items.length; i++) {
    const decision = decide(items[i] as T);
    if (decision === true) return true;
    if (isPending(decision)) return decision.then((it) => it === true || someOf(items, decide, i + 1));
  }
  return false;
}

/** Whether every item passes, asked in order and no further than needed. Only `true` passes. */
export function everyOf<T>(items: readonly T[], decide: (item: T) => Decision, from = 0): Decision {
  for (let i = from; i < items.length; i++) {
    const decision = decide(items[i] as T);
    if (isPending(decision)) return decision.then((it) => it === true && everyOf(items, decide, i + 1));
    if (decision !== true) return false;
  }
  return true;
}
