import { CircuitState, SamplingBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { type ServedRequest, currentServedRequest } from './served-request.ts';

/** The state of a source. `Breaker.state`, `SourceHealth.state` and `keyStates` each say when they give which. */
export type SourceState = 'ok' | 'degradada' | 'fora';

export interface Breaker {
  /** Runs `work`. While the breaker is open, except for one probe at a time, it throws `refusal()` at once instead. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /**
   * `fora` while calls are refused. Otherwise whether the last call was answered: `ok`, or `degradada`, also once the next call may
   * probe and nobody has asked yet.
   */
  state(): SourceState;
}

/** Wraps an error that does not count as a failure of the dependency. */
class UncountedError extends Error {
  readonly error: unknown;

  constructor(error: unknown) {
    super();
    this.error = error;
  }
}

/**
 * Makes a breaker, which stops calling a dependency that keeps failing. It opens when at least half of at least 10 calls in
 * 10 s failed. Then it lets one probe at a time through, at most every `probeAfterMillis` (default 5,000). All failures of
 * one request count as one, so that a request with many calls cannot open the breaker for the others.
 *
 * @param isFailure which errors count as a failure; others are not counted, but a probe that ends with one closes the breaker
 * @param isInconclusive which errors say neither that the dependency fails nor that it answers; they are not counted, but a
 *   probe that ends with one keeps the breaker open. Default: none
 */
export function createBreaker(options: {
  probeAfterMillis?: number;
  isFailure: (error: unknown) => boolean;
  isInconclusive?: (error: unknown) => boolean;
  refusal: () => Error;
}): Breaker {
  const { isFailure, isInconclusive = () => false, probeAfterMillis = 5_000 } = options;
  const counted = new WeakSet<ServedRequest>();
  const policy = circuitBreaker(
    handleWhen((error) => !(error instanceof UncountedError)),
    {
      halfOpenAfter: probeAfterMillis,
      // cockatiel opens above the threshold, but half of the calls must be enough.
      breaker: new SamplingBreaker({ threshold: 0.499, duration: 10_000, minimumRps: 1 }),
    },
  );
  let lastFailed = false;
  let isProbing = false;
  let openedAt = -Infinity;
  policy.onBreak(() => (openedAt = performance.now()));
  /** cockatiel itself only sees at the next call that the time of a probe has come. */
  const isRefusing = (): boolean => isProbing || performance.now() - openedAt < probeAfterMillis;

  function isCounted(error: unknown, servedRequest: ServedRequest | undefined, isProbe: boolean): boolean {
    // Any other outcome of a probe would close the breaker.
    if (isProbe) return isFailure(error) || isInconclusive(error);
    if (isInconclusive(error) || !isFailure(error)) return false;
    if (!servedRequest) return true;
    if (counted.has(servedRequest)) return false;
    counted.add(servedRequest);
    return true;
  }

  return {
    async run(work) {
      // cockatiel lets other calls wait for the probe, so a hanging dependency would cost each call its whole time.
      const isOpen = policy.state !== CircuitState.Closed;
      if (isOpen && isProbing) throw options.refusal();
      isProbing ||= isOpen;
      const servedRequest = currentServedRequest();
      let hasRun = false;
      try {
        const answer = await policy.execute(async () => {
          hasRun = true;
          try {
            return await work();
          } catch (error) {
            throw isCounted(error, servedRequest, isOpen) ? error : new UncountedError(error);
          }
        });
        lastFailed = false;
        return answer;
      } catch (thrown) {
        if (!hasRun) throw options.refusal();
        const error = thrown instanceof UncountedError ? thrown.error : thrown;
        if (!isInconclusive(error)) lastFailed = isFailure(error);
        throw error;
      } finally {
        if (isOpen) isProbing = false;
      }
    },
    state() {
      if (policy.state === CircuitState.Closed) return lastFailed ? 'degradada' : 'ok';
      return isRefusing() ? 'fora' : 'degradada';
    },
  };
}
