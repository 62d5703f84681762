import { PublicError } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';

/** Runs `work` and waits for it. All calls of one request share one deadline. */
export type ReadDeadline = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Limits the time that one request spends on a source. The time starts with the first read. Without this limit, consecutive
 * statements could each take the time of one.
 *
 * After the deadline the promise rejects with PublicError FONTE_LENTA. The abandoned work continues until its own time-out, and
 * its outcome still counts for the source's breaker.
 *
 * @param millis usually the time of one connection and one statement
 */
export function readDeadline(millis: number, fonte: Fonte): ReadDeadline {
  let endsAt: number | undefined;
  const timeOutError = (): PublicError => new PublicError('FONTE_LENTA', { fonte });
  return async (work) => {
    endsAt ??= performance.now() + millis;
    const remainingMillis = endsAt - performance.now();
    if (remainingMillis <= 0) throw timeOutError();
    const { promise: timeOut, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(timeOutError()), remainingMillis);
    try {
      return await Promise.race([work(), timeOut]);
    } finally {
      clearTimeout(timer);
    }
  };
}
