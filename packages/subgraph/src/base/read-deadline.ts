import { PublicError } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';

/** Waits for `work`, but for all works of one request together no longer than the deadline's time. */
export type ReadDeadline = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * The time that one request gives to a source, counted from its first read. Without it, statements that follow one
 * another could each take the whole time of one.
 *
 * A work that is given up goes on until its own time-out; its outcome still counts for the source's breaker. The promise
 * rejects with PublicError FONTE_LENTA.
 *
 * @param millis usually the time of one connection and one statement
 */
export function readDeadline(millis: number, fonte: Fonte): ReadDeadline {
  let endsAt: number | undefined;
  const tooLate = (): PublicError => new PublicError('FONTE_LENTA', { fonte });
  return async (work) => {
    endsAt ??= performance.now() + millis;
    const left = endsAt - performance.now();
    if (left <= 0) throw tooLate();
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(tooLate()), left);
    try {
      return await Promise.race([work(), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
