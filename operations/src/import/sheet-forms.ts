import { readCnpj } from '@pessoa/domain/cnpj';
import { readCpf } from '@pessoa/domain/cpf';

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
