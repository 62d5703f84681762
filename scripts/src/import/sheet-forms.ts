import { readCnpj } from '@pessoa/domain/cnpj';
import { readCpf } from '@pessoa/domain/cpf';
import { dayInSaoPaulo, readData } from '@pessoa/domain/data';

/** How one file writes what can be written in several ways. */
export interface Writing {
  readonly decimal: ',' | '.';
  readonly isDayFirst: boolean;
  /** Where clocks without an offset stand: `America/Sao_Paulo`, `Z`, `-03:00`; undefined: unknown. */
  readonly fuso: string | undefined;
}

/** What one value tells about the writing of its file; `doubt` is what has two readings. */
export type Clue = 'comma' | 'point' | 'amount-doubt' | 'day-first' | 'month-first' | 'day-doubt' | 'no-offset';

/** How spreadsheets and mainframes write a kind of column. */
export interface SheetForm {
  /** @returns the strict form of a text, or the text itself where this is none of the known ways to write it */
  readonly strict: (text: string, writing: Writing) => string;
  readonly clues?: (text: string) => readonly Clue[];
  /** The column's way to say nothing. */
  readonly isNothing?: (text: string) => boolean;
}

/** A number as spreadsheets cut it: its last digits are not in the file any more. */
export const isCutNumber = (text: string): boolean => /^[+-]?\d{1,3}(?:[.,]\d{1,15})?[eE]\+\d{1,3}$/.test(text);

const digitsOf = (text: string): string => text.replace(/[.\-/ ]/g, '');

/** Digits with the zeros that a number loses, or without those that a wide field adds; undefined for anything else. */
function ofWidth(text: string, width: number): string | undefined {
  const digits = digitsOf(text);
  if (!/^\d{1,40}$/.test(digits)) return undefined;
  if (digits.length <= width) return digits.padStart(width, '0');
  const surplus = digits.slice(0, digits.length - width);
  return /^0+$/.test(surplus) ? digits.slice(-width) : undefined;
}

/** Zeros are put back only where the check digits prove them. */
export const cpfForm: SheetForm = { strict: (text) => readCpf(ofWidth(text, 11)) ?? text };

export const cnpjForm: SheetForm = {
  strict: (text) => {
    const positions = digitsOf(text).toUpperCase();
    return readCnpj(positions) ?? readCnpj(ofWidth(positions, 14)) ?? text;
  },
};

/** A code of digits that a number has lost the first zeros of; undefined width: it is left as it is. */
export const codeForm = (width: number | undefined): SheetForm => ({
  strict: (text) => (width === undefined ? undefined : ofWidth(text, width)) ?? text.toUpperCase(),
});

export const textForm: SheetForm = { strict: (text) => text };

/** Words are written with spaces, accents and in any case. */
export const enumForm: SheetForm = {
  strict: (text) =>
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, '_'),
};

const BOOLEANS = new Map(
  Object.entries({
    true: ['true', 't', '1', 's', 'sim', 'v', 'verdadeiro', 'y', 'yes'],
    false: ['false', 'f', '0', 'n', 'nao', 'falso', 'no'],
  }).flatMap(([value, words]) => words.map((word) => [word, value] as const)),
);

export const booleanForm: SheetForm = {
  strict: (text) => BOOLEANS.get(text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()) ?? text,
};

export const integerForm: SheetForm = {
  strict: (text) => /^0*(\d{1,9})(?:[.,]0{1,6})?$/.exec(text)?.[1] ?? text,
};

/** An amount without its sign and currency; undefined for what is no amount. */
function amountOf(text: string): { isNegative: boolean; body: string } | undefined {
  const bare = text.replace(/R\$/i, '').replaceAll(' ', '').replace('\u2212', '-');
  const signed = /^(?:(-)|\+)?([\d.,]+)(-)?$/.exec(bare) ?? /^(\()([\d.,]+)\)$/.exec(bare);
  return signed ? { isNegative: Boolean(signed[1] ?? signed[3]), body: signed[2] as string } : undefined;
}

const WHOLE = { ',': /^(?:\d{1,3}(?:\.\d{3})+|\d+)$/, '.': /^(?:\d{1,3}(?:,\d{3})+|\d+)$/ } as const;

/** Amounts with thousands, currency, sign before or after, in parentheses, with any number of decimals that are worth nothing. */
export const amountForm: SheetForm = {
  strict(text, { decimal }) {
    const amount = amountOf(text);
    if (!amount) return text;
    const at = amount.body.lastIndexOf(decimal);
    const whole = at < 0 ? amount.body : amount.body.slice(0, at);
    const decimals = at < 0 ? '' : amount.body.slice(at + 1);
    if (!WHOLE[decimal].test(whole) || !/^\d{0,2}0*$/.test(decimals)) return text;
    const digits = whole.replace(/[.,]/g, '').replace(/^0+(?=\d)/, '');
    const centavos = decimals.slice(0, 2).padEnd(2, '0');
    const isZero = digits === '0' && centavos === '00';
    return `${amount.isNegative && !isZero ? '-' : ''}${digits}.${centavos}`;
  },
  clues(text) {
    const body = amountOf(text)?.body ?? '';
    const marks = body.replace(/\d/g, '');
    if (marks === '') return [];
    const last = marks.at(-1) as ',' | '.';
    const sign: Clue = last === ',' ? 'comma' : 'point';
    const other: Clue = last === ',' ? 'point' : 'comma';
    if (new Set(marks).size === 2) return [sign];
    if (marks.length > 1) return [other]; // 1.234.567 has thousands, and so the other sign for decimals
    const [whole = '', decimals = ''] = body.split(last);
    const mayBeThousands = decimals.length === 3 && /^[1-9]\d{0,2}$/.test(whole);
    return [mayBeThousands ? 'amount-doubt' : sign];
  },
};

const SLASHED = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$/;
const YEAR_FIRST = /^(\d{4})[/.-]?(\d{2})[/.-]?(\d{2})$/;
const DAY_FIRST_DIGITS = /^(\d{2})(\d{2})(\d{4})$/;
const MIDNIGHT = /[T ]00:00(?::00(?:[.,]0{1,6})?)?$/;
const isLikelyYear = (year: string): boolean => year >= '1850' && year <= '2199';

function dayOf(text: string, { isDayFirst }: Pick<Writing, 'isDayFirst'>): string | undefined {
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst && (text.length > 8 || isLikelyYear(yearFirst[1] as string))) {
    return readData(`${yearFirst[1]}-${yearFirst[2]}-${yearFirst[3]}`);
  }
  const digits = DAY_FIRST_DIGITS.exec(text);
  // Eight digits are never likely both ways: a year begins with 18 to 21, and no month does.
  if (digits) return isLikelyYear(digits[3] as string) ? readData(`${digits[3]}-${digits[2]}-${digits[1]}`) : undefined;
  const [, one = '', , other = '', year = ''] = SLASHED.exec(text) ?? [];
  if (year === '' || !(isDayFirst || one === other)) return undefined;
  return readData(`${year}-${other.padStart(2, '0')}-${one.padStart(2, '0')}`);
}

function dayClues(text: string): Clue[] {
  const [, one, , other] = SLASHED.exec(text) ?? [];
  if (one === undefined || Number(one) === Number(other)) return [];
  if (Number(one) > 12) return ['day-first'];
  return [Number(other) > 12 ? 'month-first' : 'day-doubt'];
}

const ZEROS = /^[0/.\- ]+$/;

export const dayForm: SheetForm = {
  strict: (text, writing) => dayOf(text.replace(MIDNIGHT, ''), writing) ?? text,
  clues: (text) => dayClues(text.replace(MIDNIGHT, '')),
  isNothing: (text) => ZEROS.test(text),
};

const INSTANT =
  /^(\S{8,10}?)(?:[T ]+(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,6}))?)?)? ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;

function offsetText(offset: string): string {
  if (/^[a-z]/i.test(offset)) return 'Z';
  const [, hours, minutes = '00'] = /^([+-]\d{2}):?(\d{2})?$/.exec(offset) ?? [];
  return `${hours}:${minutes}`;
}

/** Wall clocks of São Paulo have been two and three hours behind UTC; one that was shown twice, or never, has none. */
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
  strict(text, writing) {
    const [, date = '', hour = '00', minute = '00', second = '00', fraction, given] = INSTANT.exec(text) ?? [];
    const day = dayOf(date, writing);
    if (day === undefined) return text;
    const time = `${hour}:${minute}:${second}${fraction === undefined ? '' : `.${fraction}`}`;
    const offset = given === undefined ? writing.fuso : offsetText(given);
    const known = offset === 'America/Sao_Paulo' ? offsetInSaoPaulo(day, time) : offset;
    return known === undefined ? text : `${day}T${time}${known}`;
  },
  clues(text) {
    const [, date, , , , , offset] = INSTANT.exec(text) ?? [];
    if (date === undefined) return [];
    return [...dayClues(date), ...(offset === undefined ? (['no-offset'] as const) : [])];
  },
  isNothing: (text) => /^[0/.\-: T]+$/.test(text),
};
