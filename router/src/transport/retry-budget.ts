export interface RetryBudget {
  countCall(): void;
  /** @returns false when the budget is spent */
  takeRetry(): boolean;
}

const RETRIES_PER_CALL = 0.1;
const SAVED_MAX = 10;

/**
 * At most one retry for ten calls, so that a source in trouble is not asked twice as much. Starts with one; at most ten
 * are saved up.
 */
export function createRetryBudget(): RetryBudget {
  let saved = 1;
  return {
    countCall() {
      saved = Math.min(SAVED_MAX, saved + RETRIES_PER_CALL);
    },
    takeRetry() {
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
}
