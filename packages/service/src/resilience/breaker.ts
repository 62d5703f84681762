import { CircuitState, SamplingBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { type Caller, currentCaller } from './caller.ts';

/** How a dependency is doing: answering, answering with faults, or not asked because it kept failing. */
export type SourceState = 'ok' | 'degradada' | 'fora';

export interface Breaker {
  /** Runs `work`, unless the breaker is open or another call is its probe: then throws what `refusal` makes, at once. */
  run<T>(work: () => Promise<T>): Promise<T>;
  state(): SourceState;
}

/** A failure that is not counted: its caller had one before, or it tells nothing of the dependency. */
class Uncounted extends Error {
  readonly error: unknown;

  constructor(error: unknown) {
    super();
    this.error = error;
  }
}

/**
 * Stops asking a dependency that keeps failing: open when half of at least 10 calls in 10 s failed, then one probe at a
 * time, every `probeAfterMillis`. A caller's failures count once, however many calls its request makes: what one request
 * overloads is no reason to refuse the others.
 *
 * @param isFailure which errors count; the others pass through, and as a probe's outcome they count as an answer
 * @param saysNothing which errors tell neither that the dependency fails nor that it answers; default none
 */
export function createBreaker(options: {
  probeAfterMillis?: number;
  isFailure: (error: unknown) => boolean;
  saysNothing?: (error: unknown) => boolean;
  refusal: () => Error;
}): Breaker {
  const { isFailure, saysNothing = () => false } = options;
  const counted = new WeakSet<Caller>();
  const policy = circuitBreaker(
    handleWhen((error) => !(error instanceof Uncounted)),
    {
      halfOpenAfter: options.probeAfterMillis ?? 5_000,
      // It opens above its threshold; half of them is to be enough.
      breaker: new SamplingBreaker({ threshold: 0.499, duration: 10_000, minimumRps: 1 }),
    },
  );
  let lastFailed = false;
  let isProbing = false;

  function isCounted(error: unknown, caller: Caller | undefined, isProbe: boolean): boolean {
    // Whoever the caller of a probe is, and though it tells nothing: else it would close the breaker.
    if (isProbe) return isFailure(error) || saysNothing(error);
    if (saysNothing(error) || !isFailure(error)) return false;
    if (!caller) return true;
    if (counted.has(caller)) return false;
    counted.add(caller);
    return true;
  }

  return {
    async run(work) {
      // cockatiel lets the others wait for the probe's end: a hung dependency would cost every call its whole time.
      const isOut = policy.state !== CircuitState.Closed;
      if (isOut && isProbing) throw options.refusal();
      isProbing ||= isOut;
      const caller = currentCaller();
      let asked = false;
      try {
        const answer = await policy.execute(async () => {
          asked = true;
          try {
            return await work();
          } catch (error) {
            throw isCounted(error, caller, isOut) ? error : new Uncounted(error);
          }
        });
        lastFailed = false;
        return answer;
      } catch (thrown) {
        if (!asked) throw options.refusal();
        const error = thrown instanceof Uncounted ? thrown.error : thrown;
        if (!saysNothing(error)) lastFailed = isFailure(error);
        throw error;
      } finally {
        if (isOut) isProbing = false;
      }
    },
    state: () => (policy.state !== CircuitState.Closed ? 'fora' : lastFailed ? 'degradada' : 'ok'),
  };
}
