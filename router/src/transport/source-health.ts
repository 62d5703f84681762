import type { SourceState } from '@pessoa/service/resilience/breaker';

export interface SourceHealth {
  recordAnswer(): void;
  recordFailure(): void;
  /**
   * What the calls of the last 10 s say: `fora` when the last one failed and none went well, `degradada` when some failed.
   * A source that was not asked is `ok`: nothing is known against it.
   */
  state(): SourceState;
}

const WINDOW_MILLIS = 10_000;

/** @param now milliseconds that only go forward; default: since the process started */
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
      const since = now() - WINDOW_MILLIS;
      if (failedAt <= since) return 'ok';
      return failedAt > answeredAt && answeredAt <= since ? 'fora' : 'degradada';
    },
  };
}
