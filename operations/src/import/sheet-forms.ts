import { readCnpj } from '@pessoa/domain/cnpj';
import { readCpf } from '@pessoa/domain/cpf';

/** How one file writes decimals, days and instants. */
export interface Writing {
  readonly decimal: ',' | '.';
  readonly isDayFirst: boolean;
  /** The time zone of instants without an offset: `America/Sao_Paulo`, `Z` or an offset such as `-03:00`; undefined if unknown. */
  readonly zone: string | undefined;
}

/** What one value shows about the writing of its file. A value with two readings gives a `doubt`. */
export type Clue = 'comma' | 'point' | 'amount-doubt' | 'day-first' | 'month-first' | 'day-doubt' | 'no-offset';

/** How spreadsheets and mainframes write a kind of column. */
export interface SheetForm {
  /** @returns the strict form of a text, or the text itself if no known form matches */
  readonly toStrict: (text: string, writing: Writing) => string;
  readonly clues?: (text: string) => readonly Clue[];
  /** True for a text that stands for an absent value. */
  readonly isEmptyMark?: (text: string) => boolean;
}

const digitsOf = (text: string): string => text.replace(/[.\-/ ]/g, '');

/** Adds the leading zeros that a number loses, or removes those that a wide field adds; undefined for other texts. */
function toWidth(text: string, width: number): string | undefined {
  const digits = digitsOf(text);
  if (!/^\d{1,40}$/.test(digits)) return undefined;
  if (digits.length <= width) return digits.padStart(width, '0');
  const surplus = digits.slice(0, digits.length - width);
  return /^0+$/.test(surplus) ? digits.slice(-width) : undefined;
}

/** Leading zeros are restored only if the check digits prove them. */
export const cpfForm: SheetForm = { toStrict: (text) => readCpf(toWidth(text, 11)) ?? text };

export const cnpjForm: SheetForm = {
  toStrict: (text) => {
    const positions = digitsOf(text).toUpperCase();
    return readCnpj(positions) ?? readCnpj(toWidth(positions, 14)) ?? text;
  },
};

/** A code. With a width, leading zeros that a number loses are restored. */
export const codeForm = (width: number | undefined): SheetForm => ({
  toStrict: (text) => (width === undefined ? undefined : toWidth(text, width)) ?? text.toUpperCase(),
});

export const textForm: SheetForm = { toStrict: (text) => text };

/** Values of an enum, written with spaces, accents or in lower case. */
export const enumForm: SheetForm = {
  toStrict: (text) =>
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
  toStrict: (text) => BOOLEANS.get(text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()) ?? text,
};
