import { dayInSaoPaulo, readData } from '@pessoa/domain/data';
import type { Clue, SheetForm, Writing } from './sheet-forms.ts';

const SLASHED = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$/;
const YEAR_FIRST = /^(\d{4})[/.-]?(\d{2})[/.-]?(\d{2})$/;
const DAY_FIRST_DIGITS = /^(\d{2})(\d{2})(\d{4})$/;
const NAMED = /^(\d{1,2})[-/. ](?:de )?([a-zç]{3,9})\.?[-/. ](?:de )?(\d{4})$/i;
const MIDNIGHT = /[T ]0?0:00(?::00(?:[.,]0{1,6})?)?$/;
const isLikelyYear = (year: string): boolean => year >= '1850' && year <= '2199';

const MONTH_NAMES = [
  'janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro',
  'january february march april may june july august september october november december',
].flatMap((names) => names.split(' ').map((name, at) => ({ name, month: String((at % 12) + 1).padStart(2, '0') })));

/** Months by name and by the first three letters of the name, in Portuguese and English. No key is ambiguous. */
const months = new Map(
  MONTH_NAMES.flatMap(({ name, month }) => [
    [name, month],
    [name.replace('ç', 'c'), month],
    [name.slice(0, 3), month],
  ]),
);

function namedDay(text: string): string | undefined {
  const [, day = '', name = '', year = ''] = NAMED.exec(text) ?? [];
  const month = months.get(name.toLowerCase());
  return month === undefined ? undefined : readData(`${year}-${month}-${day.padStart(2, '0')}`);
}

/** Eight digits have one reading only: a year begins with 18 to 21, and no month does. */
function dayOfDigits(text: string): string | undefined {
  const [, year = '', month, day] = YEAR_FIRST.exec(text) ?? [];
  const yearFirst = isLikelyYear(year) ? readData(`${year}-${month}-${day}`) : undefined;
  if (yearFirst !== undefined) return yearFirst;
  const [, first, second, last = ''] = DAY_FIRST_DIGITS.exec(text) ?? [];
  return isLikelyYear(last) ? readData(`${last}-${second}-${first}`) : undefined;
}

function dayOf(text: string, { isDayFirst }: Pick<Writing, 'isDayFirst'>): string | undefined {
  if (/^\d{8}$/.test(text)) return dayOfDigits(text);
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst) return readData(`${yearFirst[1]}-${yearFirst[2]}-${yearFirst[3]}`);
  const [, first = '', , second = '', year = ''] = SLASHED.exec(text) ?? [];
  if (year === '') return namedDay(text);
  if (!(isDayFirst || first === second)) return undefined;
  return readData(`${year}-${second.padStart(2, '0')}-${first.padStart(2, '0')}`);
}

function dayClues(text: string): Clue[] {
  const [, first, , second] = SLASHED.exec(text) ?? [];
  if (first === undefined || Number(first) === Number(second)) return [];
  if (Number(first) > 12) return ['day-first'];
  return [Number(second) > 12 ? 'month-first' : 'day-doubt'];
}

const ZEROS = /^[0/.\- ]+$/;

export const dayForm: SheetForm = {
  toStrict: (text, writing) => dayOf(text.replace(MIDNIGHT, ''), writing) ?? text,
  clues: (text) => dayClues(text.replace(MIDNIGHT, '')),
  isEmptyMark: (text) => ZEROS.test(text),
};

const INSTANT =
  /^(\S{8,11}?)(?:[T ]+(?:(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6}))?)?|(\d{2})(\d{2})(\d{2})?))? ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;

/** Puts a space before the time of `20260131101500`, and of `2026-01-31-10.15.00.123456` as DB2 writes it. */
const withSpacedTime = (text: string): string =>
  text
    .replace(/^(\d{8})(\d{6})(?!\d)/, '$1 $2')
    .replace(/^(\d{4}-\d{2}-\d{2})-(\d{2})\.(\d{2})\.(\d{2})(?!\d)/, '$1 $2:$3:$4');

/** The parts of an instant; undefined for a text without a day, whether the day or the month is first. */
function partsOf(text: string) {
  const [, date, hour, minute, second, fraction, ...compactTime] = INSTANT.exec(withSpacedTime(text)) ?? [];
  if (date === undefined || (dayOf(date, { isDayFirst: true }) ?? dayClues(date)[0]) === undefined) return undefined;
  const [compactHour = '00', compactMinute = '00', compactSecond = '00', offset] = compactTime;
  const time = [(hour ?? compactHour).padStart(2, '0'), minute ?? compactMinute, second ?? compactSecond].join(':');
  return { date, time: `${time}${fraction === undefined ? '' : `.${fraction}`}`, offset };
}

function offsetText(offset: string): string {
  if (/^[a-z]/i.test(offset)) return 'Z';
  const [, hours, minutes = '00'] = /^([+-]\d{2}):?(\d{2})?$/.exec(offset) ?? [];
  return `${hours}:${minutes}`;
}

/** The offset of a local time in São Paulo, -03:00 or -02:00; undefined for a local time that occurred twice or never. */
function offsetInSaoPaulo(day: string, time: string): string | undefined {
  const fitting = ['-03:00', '-02:00'].filter((offset) => {
    const instant = new Date(`${day}T${time}${offset}`);
    return !Number.isNaN(instant.getTime()) && wallClock(instant) === `${day}T${time.slice(0, 8)}`;
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Sao_Paulo', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }); // prettier-ignore
const wallClock = (instant: Date): string => `${dayInSaoPaulo(instant)}T${clock.format(instant)}`;

export const instantForm: SheetForm = {
  toStrict(text, writing) {
    const parts = partsOf(text);
    const day = parts && dayOf(parts.date, writing);
    if (!parts || day === undefined) return text;
    const offset = parts.offset === undefined ? writing.zone : offsetText(parts.offset);
    const numericOffset = offset === 'America/Sao_Paulo' ? offsetInSaoPaulo(day, parts.time) : offset;
    return numericOffset === undefined ? text : `${day}T${parts.time}${numericOffset}`;
  },
  clues(text) {
    const parts = partsOf(text);
    if (!parts) return [];
    return [...dayClues(parts.date), ...(parts.offset === undefined ? (['no-offset'] as const) : [])];
  },
  isEmptyMark: (text) => /^[0/.\-: T]+$/.test(text),
};
