import type { SourceState } from '@pessoa/service/resilience/breaker';

/** The health of a source, as the results of calls show it. */
export interface SourceHealth {
  recordAnswer(): void;
  recordFailure(): void;
  /**
   * The state by the calls of the last 10 s: `ok` if none failed or there was none, `fora` if all failed, else
   * `degradada`.
   */
  state(): SourceState;
}

const WINDOW_MILLIS = 10_000;

/** @param now monotonic clock, in milliseconds. Default: `performance.now()` */
export function createSourceHealth(now: () => number = () => performance.now()): SourceHealth {
  let answeredAt = -Infinity;
  let failedAt = -Infinity;
  return {
    recordAnswer() {
      answeredAt = now();
    },
    recordFailure() {
      failedAt = now();
    },
    state() {
      const windowStart = now() - WINDOW_MILLIS;
      if (failedAt <= windowStart) return 'ok';
      return failedAt > answeredAt && answeredAt <= windowStart ? 'fora' : 'degradada';
    },
  };
}
