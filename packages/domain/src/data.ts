/** A calendar day `AAAA-MM-DD`. Days of the law and of filters are days of São Paulo. */
export type Data = string & { readonly __brand: 'Data' };

/** Where "now" comes from. Every rule that depends on the date takes one, so that tests can set it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still. */
export const fixedClock = (instant: string): Clock => ({ now: () => new Date(instant) });

const FULL_DATE = /^\d{4}-\d{2}-\d{2}$/;
const MILLIS_PER_DAY = 86_400_000;

/**
 * @returns the day, or undefined when the text is not an existing day of the calendar in the form `AAAA-MM-DD`. There is
 *   no year 0: PostgreSQL refuses it with an error.
 */
export function readData(input: unknown): Data | undefined {
  if (typeof input !== 'string' || !FULL_DATE.test(input) || input.startsWith('0000')) return undefined;
  const midnight = new Date(`${input}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(input) ? (input as Data) : undefined;
}

const saoPauloDay = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/Sao_Paulo',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

let lastMinute = Number.NaN;
let dayOfLastMinute: Data;

/** The day it is in São Paulo at this instant. */
export function dayInSaoPaulo(instant: Date): Data {
  // Days begin at whole minutes, and nearly every caller asks for now: formatting is worth remembering.
  const minute = Math.floor(instant.getTime() / 60_000);
  if (minute !== lastMinute) {
    dayOfLastMinute = saoPauloDay.format(instant) as Data;
    lastMinute = minute;
  }
  return dayOfLastMinute;
}

/** Today in São Paulo. */
export const today = (clock: Clock): Data => dayInSaoPaulo(clock.now());

const utcMidnight = (day: Data): number => Date.parse(`${day}T00:00:00Z`);

/** The day of an instant in UTC: of a DATE as a database client gives it. */
export const dayOf = (date: Date): Data => date.toISOString().slice(0, 10) as Data;

// Ends of what the form can write: a client's `9999-12-31` moved by a day must stay a day.
const FIRST_DAY = '0001-01-01' as Data;
const LAST_DAY = '9999-12-31' as Data;

/** The day `days` later, at the latest 9999-12-31; negative is earlier, at the earliest 0001-01-01. */
export function addDays(day: Data, days: number): Data {
  const moved = utcMidnight(day) + days * MILLIS_PER_DAY;
  return dayOf(new Date(Math.min(Math.max(moved, utcMidnight(FIRST_DAY)), utcMidnight(LAST_DAY))));
}

/** Whole days from `from` to `to`; negative when `to` comes first. */
export const daysBetween = (from: Data, to: Data): number => (utcMidnight(to) - utcMidnight(from)) / MILLIS_PER_DAY;

/**
 * The same day of the month `years` later, in a year of 1 to 9999. Where that day does not exist it is the next one:
 * 29 February becomes 1 March in a common year (Código Civil art. 132 §3).
 */
export function addYears(day: Data, years: number): Data {
  const year = String(Number(day.slice(0, 4)) + years).padStart(4, '0');
  const moved = `${year}${day.slice(4)}`;
  return readData(moved) ?? (`${year}-03-01` as Data);
}

/** Completed years from `birth` to `on`. */
export function yearsBetween(birth: Data, on: Data): number {
  const years = Number(on.slice(0, 4)) - Number(birth.slice(0, 4));
  return on.slice(5) < birth.slice(5) ? years - 1 : years;
}

/** The instant at which this day begins in São Paulo. */
export function startOfDayInSaoPaulo(day: Data): Date {
  // Since 2019 São Paulo is at UTC-3 all year; before that summer time moved it to UTC-2, and a day could begin at 01:00.
  for (const hour of ['03', '02']) {
    const instant = new Date(`${day}T${hour}:00:00Z`);
    const before = new Date(instant.getTime() - 1);
    if (dayInSaoPaulo(instant) === day && dayInSaoPaulo(before) !== day) return instant;
  }
  return new Date(`${day}T03:00:00Z`);
}
