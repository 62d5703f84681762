import { CircuitState, SamplingBreaker, circuitBreaker, handleWhen } from 'cockatiel';

/** How a dependency is doing: answering, answering with faults, or not asked because it kept failing. */
export type SourceState = 'ok' | 'degradada' | 'fora';

export interface Breaker {
  /** Runs `work`, unless the breaker is open or another call is its probe: then throws what `refusal` makes, at once. */
  run<T>(work: () => Promise<T>): Promise<T>;
  state(): SourceState;
}

/**
 * Stops asking a dependency that keeps failing: open when half of at least 10 calls in 10 s failed, then one probe at a
 * time, every `probeAfterMillis`.
 *
 * @param isFailure which errors count; the others pass through and count as answers
 */
export function createBreaker(options: {
  probeAfterMillis?: number;
  isFailure: (error: unknown) => boolean;
  refusal: () => Error;
}): Breaker {
  const policy = circuitBreaker(handleWhen(options.isFailure), {
    halfOpenAfter: options.probeAfterMillis ?? 5_000,
    // It opens above its threshold; half of them is to be enough.
    breaker: new SamplingBreaker({ threshold: 0.499, duration: 10_000, minimumRps: 1 }),
  });
  let lastFailed = false;
  let isProbing = false;
  return {
    async run(work) {
      // cockatiel lets the others wait for the probe's end: a hung dependency would cost every call its whole time.
      const isOut = policy.state !== CircuitState.Closed;
      if (isOut && isProbing) throw options.refusal();
      isProbing ||= isOut;
      let asked = false;
      try {
        const answer = await policy.execute(() => {
          asked = true;
          return work();
        });
        lastFailed = false;
        return answer;
      } catch (error) {
        if (!asked) throw options.refusal();
        lastFailed = options.isFailure(error);
        throw error;
      } finally {
        if (isOut) isProbing = false;
      }
    },
    state: () => (policy.state !== CircuitState.Closed ? 'fora' : lastFailed ? 'degradada' : 'ok'),
  };
}
