/** Limits retries, so that a source in trouble does not get twice the calls. */
export interface RetryBudget {
  /** Adds to the budget. */
  countCall(): void;
  /** @returns false if the budget is spent */
  takeRetry(): boolean;
}

const RETRIES_PER_CALL = 0.1;
const SAVED_MAX = 10;

/**
 * Creates a budget of one retry, and one more for every ten calls. It holds at most ten retries.
 */
export function createRetryBudget(): RetryBudget {
  let savedRetries = 1;
  return {
    countCall() {
      savedRetries = Math.min(SAVED_MAX, savedRetries + RETRIES_PER_CALL);
    },
    takeRetry() {
      if (savedRetries < 1) return false;
      savedRetries -= 1;
      return true;
    },
  };
}
