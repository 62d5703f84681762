import { readCnpj } from '@pessoa/domain/cnpj';
import { readCpf } from '@pessoa/domain/cpf';
import { readData } from '@pessoa/domain/data';
import { readDinheiro } from '@pessoa/domain/dinheiro';
import { hasCardNumber } from './card-number.ts';
import type { ImportCode } from './codes.ts';
import { sdlEnum } from './sdl-enums.ts';
import { amountForm, integerForm } from './sheet-amounts.ts';
import { dayForm, instantForm } from './sheet-days.ts';
import { booleanForm, cnpjForm, codeForm, cpfForm, enumForm, type SheetForm, textForm } from './sheet-forms.ts';
import { isCutNumber, isDamaged } from './text-damage.ts';

/** The text for PostgreSQL, or why the value is refused. */
export type Reading = string | Refusal;
export interface Refusal {
  readonly code: ImportCode;
}

/** A column of a file to import. */
export interface Column {
  readonly name: string;
  readonly isRequired: boolean;
  /** The form of its values, as docs/import.md describes it. */
  readonly form: string;
  readonly sqlType: string;
  /** How spreadsheets and mainframes write its values. */
  readonly sheet: SheetForm;
  /** The column may contain card numbers: they are refused, and masked in every refused line of the file. */
  readonly mayHoldCard?: true;
  /** @param text never empty */
  readonly read: (text: string) => Reading;
}

/** Makes a required column. */
const column = (name: string, form: string, sqlType: string, sheet: SheetForm, read: Column['read']): Column => ({
  name,
  isRequired: true,
  form,
  sqlType,
  sheet,
  read,
});

export const optional = (required: Column): Column => ({ ...required, isRequired: false });

const refuse = (code: ImportCode): Refusal => ({ code });

const DISTINCT_REMEMBERED = 50_000;

/** Caches the readings of the last 50,000 distinct texts. Days repeat from line to line, and reading a day is the slowest check. */
function memoize(read: Column['read']): Column['read'] {
  const readings = new Map<string, Reading>();
  return (text) => {
    let reading = readings.get(text);
    if (reading === undefined) {
      reading = read(text);
      if (readings.size >= DISTINCT_REMEMBERED) readings.clear();
      readings.set(text, reading);
    }
    return reading;
  };
}

export const cpfColumn = column(
  'cpf',
  'CPF: `52998224725` or `529.982.247-25`',
  'char(11)',
  cpfForm,
  (text) => readCpf(text) ?? refuse('CPF_INVALIDO'),
);

const CNPJ_WITH_MARKS = /^[A-Z0-9]{2}\.[A-Z0-9]{3}\.[A-Z0-9]{3}\/[A-Z0-9]{4}-\d{2}$/;

export const cnpjColumn = (name: string): Column =>
  column(name, 'CNPJ, letters allowed: `12ABC34501DE35` or `12.ABC.345/01DE-35`', 'char(14)', cnpjForm, (text) => {
    const positions = CNPJ_WITH_MARKS.test(text) ? text.replace(/[./-]/g, '') : text;
    return readCnpj(positions) ?? refuse('CNPJ_INVALIDO');
  });

/** An amount of zero or more. */
export const amountColumn = (name: string): Column =>
  column(name, 'amount: `1234.56`, not negative', 'numeric(17,2)', amountForm, (text) =>
    text.startsWith('-') || readDinheiro(text) === undefined ? refuse('DINHEIRO_INVALIDO') : text,
  );

/** An amount that may be negative. */
export const signedAmountColumn = (name: string): Column =>
  column(name, 'amount: `-1234.56`', 'numeric(17,2)', amountForm, (text) =>
    readDinheiro(text) === undefined ? refuse('DINHEIRO_INVALIDO') : text,
  );

export const dayColumn = (name: string): Column =>
  column(
    name,
    'day: `2026-11-22`',
    'date',
    dayForm,
    memoize((text) => readData(text) ?? refuse('DATA_INVALIDA')),
  );

const INSTANT = /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
const readDay = memoize((text) => readData(text) ?? refuse('DATA_INVALIDA'));

const FIRST_MILLIS = Date.parse('0001-01-01T00:00:00Z');
const END_MILLIS = Date.parse('9999-12-31T23:59:59.999Z');

/** False if the instant, in UTC and rounded to the millisecond, is outside the years 1 to 9999 that GraphQL can show. */
function isWritable(text: string): boolean {
  if (text[0] !== '0' && !text.startsWith('9999-12-31')) return true; // no offset is a day long
  const millis = Date.parse(text);
  const isRoundedUp = millis === END_MILLIS && /\.999[5-9]/.test(text);
  return millis >= FIRST_MILLIS && millis <= END_MILLIS && !isRoundedUp;
}

export const instantColumn = (name: string): Column =>
  column(
    name,
    'instant: `2026-11-22T13:45:00Z` or with an offset; kept to the millisecond',
    'timestamptz(3)',
    instantForm,
    (text) => {
      const day = INSTANT.exec(text)?.[1];
      const isInstant = day !== undefined && typeof readDay(day) === 'string' && isWritable(text);
      return isInstant ? text : refuse('INSTANTE_INVALIDO');
    },
  );

export const integerColumn = (name: string, min: number, max: number): Column =>
  column(name, `whole number, ${min} to ${max}`, 'integer', integerForm, (text) => {
    const value = Number(text);
    return /^\d{1,9}$/.test(text) && value >= min && value <= max ? text : refuse('INTEIRO_INVALIDO');
  });

export const booleanColumn = (name: string): Column =>
  column(name, '`true` or `false`', 'boolean', booleanForm, (text) =>
    text === 'true' || text === 'false' ? text : refuse('BOOLEANO_INVALIDO'),
  );

/** One of the values of an enum of the graph. */
export function enumColumn(name: string, enumName: string): Column {
  const values = sdlEnum(enumName);
  return column(name, `enum ${enumName} of the graph`, enumName === 'UF' ? 'char(2)' : 'text', enumForm, (text) =>
    values.has(text) ? text : refuse('ENUM_INVALIDO'),
  );
}

/**
 * A code of fixed form.
 * @param digits its length, where it is made of digits and a number may have lost the first of them
 */
export const codeColumn = (name: string, form: string, pattern: RegExp, sqlType: string, digits?: number): Column =>
  column(name, form, sqlType, codeForm(digits), (text) => (pattern.test(text) ? text : refuse('FORMATO_INVALIDO')));

export const textColumn = (name: string, max: number): Column =>
  column(name, `text, at most ${max} characters`, 'text', textForm, (text) => {
    if (text.length > max) return refuse('TEXTO_LONGO');
    if (isCutNumber(text)) return refuse('NOTACAO_CIENTIFICA');
    return isDamaged(text) ? refuse('TEXTO_DANIFICADO') : text;
  });

/** Free text of an account or a card. It may contain a card number, which is refused. */
export function cardSafeTextColumn(name: string, max: number): Column {
  const plain = textColumn(name, max);
  const form = `${plain.form}, without card numbers`;
  return {
    ...plain,
    form,
    mayHoldCard: true,
    read: (text) => (hasCardNumber(text) ? refuse('PAN_PROIBIDO') : plain.read(text)),
  };
}

const LAST_FOUR = /^\d{4}$/;
const CARD_NUMBER = /^\d{12,19}$/;

export const lastFourColumn = (name: string): Column => ({
  ...column(name, 'last four digits of the card', 'char(4)', codeForm(4), (text) => {
    if (LAST_FOUR.test(text)) return text;
    return refuse(CARD_NUMBER.test(text.replace(/[ .-]/g, '')) ? 'PAN_PROIBIDO' : 'FORMATO_INVALIDO');
  }),
  mayHoldCard: true,
});

export const idColumn = textColumn('id', 64);
