import { addDays, type Clock, type Data, startOfDayInSaoPaulo, today } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';

/** A range of days of São Paulo, both ends inclusive. null is an open end. */
export interface Period {
  readonly de: Data | null;
  readonly ate: Data | null;
}

/** A range of instants in RFC 3339, UTC. null is an open end. */
export interface InstantRange {
  /** Inclusive. */
  readonly from: string | null;
  /** Exclusive. */
  readonly until: string | null;
}

const FIRST_DAY = '1900-01-01';
const LAST_DAY = '2199-12-31';

/** @throws PublicError BAD_USER_INPUT when `ate` comes before `de`, or a day lies outside the years 1900 to 2199 */
export function readPeriod({ de = null, ate = null }: { de?: Data | null; ate?: Data | null }): Period {
  for (const [name, day] of Object.entries({ de, ate })) {
    if (day && (day < FIRST_DAY || day > LAST_DAY)) {
      throw new PublicError('BAD_USER_INPUT', { detail: `\`${name}\` lies outside the years 1900 to 2199.` });
    }
  }
  if (de && ate && ate < de) throw new PublicError('BAD_USER_INPUT', { detail: '`ate` comes before `de`.' });
  return { de, ate };
}

/** The instant at which tomorrow begins in São Paulo, in RFC 3339. Events dated from then on have not happened. */
export const startOfTomorrow = (clock: Clock): string => startOfDayInSaoPaulo(addDays(today(clock), 1)).toISOString();

export const instantRangeOf = ({ de, ate }: Period): InstantRange => ({
  from: de && startOfDayInSaoPaulo(de).toISOString(),
  until: ate && startOfDayInSaoPaulo(addDays(ate, 1)).toISOString(),
});
