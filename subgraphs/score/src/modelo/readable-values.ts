import { types } from 'node:util';
import { type Data, dayInSaoPaulo, readData, yearsBetween } from '@pessoa/domain/data';

// For the model, an impossible value counts as missing, so it never throws. The service refuses to score such a profile:
// `readablePerfil` throws before the model runs, and the client gets FONTE_INVALIDA. Only the day of an income or of an
// address may be impossible.

/** The largest amount in NUMERIC(17,2). With a lower limit, the score would fall when an income rises above it. */
const CENTAVOS_MAX = 10n ** 17n - 1n;

/** Nobody alive is this old, and no date of a profile lies this far back. */
const YEARS_END = 130;

/** @returns the amount if it is from 0 to the largest that a column of Base B holds, otherwise undefined */
export const readableCentavos = (value: unknown): bigint | undefined =>
  typeof value === 'bigint' && value >= 0n && value <= CENTAVOS_MAX ? value : undefined;

/** @returns the day if it exists, is not after `hoje` and lies less than 130 years back, otherwise undefined */
export function readablePastDay(value: unknown, hoje: Data): Data | undefined {
  const day = readData(value);
  return day !== undefined && day <= hoje && yearsBetween(day, hoje) < YEARS_END ? day : undefined;
}

/** @returns the day in São Paulo of an instant, under the rule of {@link readablePastDay} */
export const readableDayOf = (value: unknown, hoje: Data): Data | undefined =>
  types.isDate(value) && !Number.isNaN(value.getTime()) ? readablePastDay(dayInSaoPaulo(value), hoje) : undefined;

/** @returns completed years, 0 to 129; undefined without a readable birth date */
export function idadeOn(nascimento: Data | null | undefined, hoje: Data): number | undefined {
  const birthday = readablePastDay(nascimento, hoje);
  return birthday && yearsBetween(birthday, hoje);
}

/** Completed months between two days. From the 31st, a month of 30 days is complete on the 1st of the next month. */
export function completedMonths(from: Data, to: Data): number {
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
  const months = Number(to.slice(5, 7)) - Number(from.slice(5, 7));
  return years * 12 + months - (to.slice(8) < from.slice(8) ? 1 : 0);
}
