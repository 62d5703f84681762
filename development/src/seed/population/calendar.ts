import { utcDayOf } from '@pessoa/domain/data';
import type { Data } from '@pessoa/domain/data';

/** The number of a day since 1970-01-01. The generator adds and compares days more than anything else. */
export type DayNumber = number;

const MILLIS_PER_DAY = 86_400_000;
const OFFSET = 60_000;
const dayTexts: (Data | undefined)[] = [];

export const dayNumber = (day: Data): DayNumber => Date.parse(`${day}T00:00:00Z`) / MILLIS_PER_DAY;

export function dayText(day: DayNumber): Data {
  return (dayTexts[day + OFFSET] ??= utcDayOf(new Date(day * MILLIS_PER_DAY)));
}

const daysOfMonth: (number | undefined)[] = [];

export const dayOfMonth = (day: DayNumber): number => (daysOfMonth[day + OFFSET] ??= Number(dayText(day).slice(8)));

/** 0 is Sunday. */
export const weekday = (day: DayNumber): number => (((day + 4) % 7) + 7) % 7;

/** The day itself, or the Friday before a weekend. */
export function workdayOnOrBefore(day: DayNumber): DayNumber {
  const weekdayNumber = weekday(day);
  if (weekdayNumber === 0) return day - 2;
  return weekdayNumber === 6 ? day - 1 : day;
}

const SECONDS_PER_DAY = 86_400;
const SAO_PAULO_BEHIND_UTC = 3 * 3600;
const twoDigits = Array.from({ length: 60 }, (_, number) => number.toString().padStart(2, '0'));

/** The instant, in UTC, of `secondOfDay` on a day of São Paulo (UTC-3 all year since 2019). */
export function instantText(day: DayNumber, secondOfDay: number): string {
  const utc = secondOfDay + SAO_PAULO_BEHIND_UTC;
  const utcDay = utc >= SECONDS_PER_DAY ? day + 1 : day;
  const second = utc % SECONDS_PER_DAY;
  const hour = twoDigits[Math.floor(second / 3600)];
  return `${dayText(utcDay)}T${hour}:${twoDigits[Math.floor(second / 60) % 60]}:${twoDigits[second % 60]}.000Z`;
}
