import { types } from 'node:util';
import { type Data, dayInSaoPaulo, readData, yearsBetween } from '@pessoa/domain/data';

// What a base sends is read, not trusted: a value that cannot be true counts as missing and never stops the scoring.

/** What NUMERIC(17,2) holds. A ceiling below that would make the note fall where income rises past it. */
const LARGEST_CENTAVOS = 10n ** 17n - 1n;

/** No one alive is older, and no date of a profile lies further back. */
const LONGEST_YEARS = 130;

/** @returns centavos from 0 up to what a base's column holds, else undefined. */
export const centavosLegiveis = (value: unknown): bigint | undefined =>
  typeof value === 'bigint' && value >= 0n && value <= LARGEST_CENTAVOS ? value : undefined;

/** @returns the day when it exists, is not after `hoje` and lies less than 130 years back, else undefined. */
export function diaPassado(value: unknown, hoje: Data): Data | undefined {
  const day = readData(value);
  return day !== undefined && day <= hoje && yearsBetween(day, hoje) < LONGEST_YEARS ? day : undefined;
}

/** The day in São Paulo of an instant, under the rule of {@link diaPassado}. */
export const diaDoInstante = (value: unknown, hoje: Data): Data | undefined =>
  types.isDate(value) && !Number.isNaN(value.getTime()) ? diaPassado(dayInSaoPaulo(value), hoje) : undefined;

/** Completed months; the 31st completes a month of 30 days on the 1st of the next. */
export function mesesCompletos(from: Data, to: Data): number {
  const [fromYear, fromMonth, fromDay] = from.split('-').map(Number) as [number, number, number];
  const [toYear, toMonth, toDay] = to.split('-').map(Number) as [number, number, number];
  return (toYear - fromYear) * 12 + (toMonth - fromMonth) - (toDay < fromDay ? 1 : 0);
}
