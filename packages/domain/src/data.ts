/** A calendar day `AAAA-MM-DD`. Days of the law and of filters are days of São Paulo. */
export type Data = string & { readonly __brand: 'Data' };

/** Gives the current time. Every rule that depends on the date takes a clock, so that tests can set the time. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that always gives the same instant. */
export const fixedClock = (instant: string): Clock => ({ now: () => new Date(instant) });

const FULL_DATE = /^\d{4}-\d{2}-\d{2}$/;
const MILLIS_PER_DAY = 86_400_000;
const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * @returns the day, or undefined unless the input is an existing day of the calendar in the form `AAAA-MM-DD`. The year
 *   0000 is refused, because PostgreSQL does not accept it.
 */
export function readData(input: unknown): Data | undefined {
  // Without a `Date`, which takes six times as long (bench/README.md).
  if (typeof input !== 'string' || !FULL_DATE.test(input)) return undefined;
  const year = Number(input.slice(0, 4));
  const day = Number(input.slice(8));
  const isReal = year >= 1 && day >= 1 && day <= daysOfMonth(year, Number(input.slice(5, 7)));
  return isReal ? (input as Data) : undefined;
}

/** @returns 0 for a month that no calendar has */
function daysOfMonth(year: number, month: number): number {
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeapYear ? 29 : (DAYS_OF_MONTHS[month - 1] ?? 0);
}

const saoPauloDay = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/Sao_Paulo',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** By minute. A request asks for today, and for the edges of a period. */
const daysOfMinutes = new Map<number, Data>();
const MINUTES_MAX = 256;

/** The day it is in São Paulo at this instant. */
export function dayInSaoPaulo(instant: Date): Data {
  // Days begin at whole minutes.
  const minute = Math.floor(instant.getTime() / 60_000);
  let day = daysOfMinutes.get(minute);
  if (day === undefined) {
    day = saoPauloDay.format(instant) as Data;
    if (daysOfMinutes.size >= MINUTES_MAX) daysOfMinutes.clear();
    daysOfMinutes.set(minute, day);
  }
  return day;
}

/** Today in São Paulo. */
export const today = (clock: Clock): Data => dayInSaoPaulo(clock.now());

const utcMidnight = (day: Data): number => Date.parse(`${day}T00:00:00Z`);

/** The day of an instant in UTC. Database clients give a DATE as midnight in UTC. */
export const utcDayOf = (date: Date): Data => date.toISOString().slice(0, 10) as Data;

// The first and the last day that the form can write: a client's `9999-12-31` moved by a day must still be a day.
const FIRST_DAY = '0001-01-01' as Data;
const LAST_DAY = '9999-12-31' as Data;

/** Moves a day by `days`, which may be negative. The result stays between 0001-01-01 and 9999-12-31. */
export function addDays(day: Data, days: number): Data {
  const moved = utcMidnight(day) + days * MILLIS_PER_DAY;
  return utcDayOf(new Date(Math.min(Math.max(moved, utcMidnight(FIRST_DAY)), utcMidnight(LAST_DAY))));
}

/** The number of days from `start` to `end`; negative when `end` is earlier. */
export const daysBetween = (start: Data, end: Data): number => (utcMidnight(end) - utcMidnight(start)) / MILLIS_PER_DAY;

/**
 * The same day of the same month `years` later; negative is earlier. In a common year 29 February becomes 1 March (Código
 * Civil art. 132 §3). The caller keeps the year between 1 and 9999.
 */
export function addYears(day: Data, years: number): Data {
  const year = String(Number(day.slice(0, 4)) + years).padStart(4, '0');
  const moved = `${year}${day.slice(4)}`;
  return readData(moved) ?? (`${year}-03-01` as Data);
}

/** Completed years from `birth` to `day`: the age on that day. */
export function yearsBetween(birth: Data, day: Data): number {
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4));
  return day.slice(5) < birth.slice(5) ? years - 1 : years;
}

/** The instant at which this day begins in São Paulo. */
export function startOfDayInSaoPaulo(day: Data): Date {
  // Since 2019 São Paulo is at UTC-3 all year. Before, summer time moved it to UTC-2, and one day a year began at 01:00.
  for (const hour of ['03', '02']) {
    const instant = new Date(`${day}T${hour}:00:00Z`);
    const before = new Date(instant.getTime() - 1);
    if (dayInSaoPaulo(instant) === day && dayInSaoPaulo(before) !== day) return instant;
  }
  return new Date(`${day}T03:00:00Z`);
}
