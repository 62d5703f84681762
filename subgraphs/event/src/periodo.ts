import { addDays, type Clock, type Data, startOfDayInSaoPaulo, today } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';

/** Days of São Paulo, both inclusive; null is open. */
export interface Periodo {
  readonly de: Data | null;
  readonly ate: Data | null;
}

/** Instants in RFC 3339, UTC; null is open. */
export interface Instantes {
  /** Inclusive. */
  readonly from: string | null;
  /** Exclusive. */
  readonly until: string | null;
}

const FIRST_DAY = '1900-01-01';
const LAST_DAY = '2199-12-31';

/** @throws PublicError BAD_USER_INPUT when it ends before it begins, or names a day that no record can have */
export function readPeriodo({ de = null, ate = null }: { de?: Data | null; ate?: Data | null }): Periodo {
  for (const [name, day] of Object.entries({ de, ate })) {
    if (day && (day < FIRST_DAY || day > LAST_DAY)) {
      throw new PublicError('BAD_USER_INPUT', { detail: `\`${name}\` lies outside the years 1900 to 2199.` });
    }
  }
  if (de && ate && ate < de) throw new PublicError('BAD_USER_INPUT', { detail: '`ate` comes before `de`.' });
  return { de, ate };
}

/** The instant at which tomorrow begins in São Paulo, RFC 3339: what is dated from there on has not happened. */
export const startOfTomorrow = (clock: Clock): string => startOfDayInSaoPaulo(addDays(today(clock), 1)).toISOString();

export const instantesOf = ({ de, ate }: Periodo): Instantes => ({
  from: de && startOfDayInSaoPaulo(de).toISOString(),
  until: ate && startOfDayInSaoPaulo(addDays(ate, 1)).toISOString(),
});
