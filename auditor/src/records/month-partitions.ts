import type { Logger } from '@pessoa/service/logging/logger';
import type { ClientBase } from 'pg';

/** Between two looks: a month is there three months before its first record. */
const EVERY_MILLIS = 3_600_000;

const ADD = 'SELECT transparency.add_months()';

/**
 * Adds the months of the audit that are missing up to the third one from now, when called first and then once an hour. A month that cannot be
 * added, because somebody reads the audit for long, is for the next time: its records have a place without it.
 *
 * @param now milliseconds of a clock that only grows
 * @returns a function that is called often, between transactions
 */
export function addMonths(
  db: ClientBase,
  logger: Logger,
  now: () => number = () => performance.now(),
): () => Promise<void> {
  let nextAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (now() < nextAt) return;
    nextAt = now() + EVERY_MILLIS;
    try {
      await db.query(ADD);
    } catch (err) {
      if ((err as { severity?: string }).severity !== 'ERROR') throw err; // the connection is lost
      logger.warn({ err }, 'the coming months of the audit could not be added');
    }
  };
}
