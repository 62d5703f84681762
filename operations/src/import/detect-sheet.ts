import type { Column } from './columns.ts';
import { csvReader } from './csv-reader.ts';
import { ImportError } from './import-error.ts';
import type { ImportKind } from './kinds/import-kind.ts';
import type { Clue, Writing } from './sheet-forms.ts';
import { sheetLayout, sheetReader, normalizeMarks } from './sheet-reader.ts';
import type { SheetLayout } from './sheet-reader.ts';
import { isCutNumber } from './text-damage.ts';

/**
 * `estrito` is the form of docs/import.md. `br` is a spreadsheet with a decimal comma and the day first, `iso` one with a decimal
 * point and the year first.
 */
export const formats = ['estrito', 'br', 'iso'] as const;
export type Format = (typeof formats)[number];

export interface FormatOptions {
  /** Default: as the file's values show. */
  readonly format: Format | undefined;
  /** The time zone of instants without an offset: `America/Sao_Paulo`, `Z` or an offset such as `-03:00`. */
  readonly zone: string | undefined;
}

/** The layout and the writing of a file that is not in the strict form. */
export interface Sheet {
  readonly layout: SheetLayout;
  readonly writing: Writing;
  /** What was detected rather than stated by an option, as text for the operator. */
  readonly findings: readonly string[];
}

const SAMPLE_CHARACTERS = 262_144;
const SAO_PAULO = 'America/Sao_Paulo';

const BOTH_WRITINGS: readonly Writing[] = [
  { decimal: ',', isDayFirst: true, zone: 'Z' },
  { decimal: '.', isDayFirst: false, zone: 'Z' },
];

/** True if the text is a value of the column in a form of spreadsheets. */
const isInSheetForm = ({ sheet, read }: Column, text: string): boolean =>
  isCutNumber(text) ||
  (sheet.clues?.(text).length ?? 0) > 0 ||
  BOTH_WRITINGS.some((writing) => typeof read(sheet.toStrict(text, writing)) === 'string');

/** True if the text is a CPF or CNPJ without its leading zeros, as its check digits prove. Only some lines lose zeros. */
const hasLostZeros = (column: Column, text: string): boolean =>
  (column.sqlType === 'char(11)' || column.sqlType === 'char(14)') &&
  /^\d{3,13}$/.test(text) &&
  isInSheetForm(column, text);

/** Columns of one kind have values of one form: amounts, days, the values of an enum. */
const valueKind = ({ sqlType, form }: Column): string => (sqlType === 'text' ? form : sqlType);

/**
 * True if each kind of value in the sample has a value in the strict form, or no value in another form. Then the whole file is
 * read in the strict form, and lines in another form are refused.
 */
function looksStrict(sample: string, columns: readonly Column[]): boolean {
  let records;
  try {
    records = csvReader(columns).push(sample.slice(0, sample.lastIndexOf('\n') + 1));
  } catch {
    return false;
  }
  const strictKinds = new Set<string>();
  const otherKinds = new Set<string>();
  for (const { values } of records) {
    for (const [index, column] of columns.entries()) {
      const text = values?.[index] ?? '';
      if (text.trim() === '') continue;
      if (/^="/.test(text)) return false;
      if (typeof column.read(text) === 'string') strictKinds.add(valueKind(column));
      else if (hasLostZeros(column, text)) return false;
      else if (isInSheetForm(column, text.trim())) otherKinds.add(valueKind(column));
    }
  }
  return [...otherKinds].every((kind) => strictKinds.has(kind)) && (records.length > 0 || !/\n\s*\S/.test(sample));
}

async function startOf(texts: AsyncIterable<string>): Promise<string> {
  let start = '';
  for await (const text of texts) {
    start += text;
    if (start.length >= SAMPLE_CHARACTERS) return start;
  }
  return `${start}\n`;
}

/** The place of a clue: `vencimento of line 2`. */
interface ClueLocation {
  readonly line: number;
  readonly column: string;
}

/** Finds the first place of each clue. */
async function cluesOf(texts: AsyncIterable<string>, columns: readonly Column[], layout: SheetLayout) {
  const reader = sheetReader(columns, layout);
  const lines = new Map<Clue, ClueLocation>();
  const inspect = (records: ReturnType<typeof reader.push>): void => {
    for (const { line, values } of records) {
      for (const [index, { name, sheet }] of columns.entries()) {
        const text = values?.[index] ?? '';
        if (text === '' || !sheet.clues) continue;
        for (const clue of sheet.clues(text)) if (!lines.has(clue)) lines.set(clue, { line, column: name });
      }
    }
  };
  for await (const text of texts) inspect(reader.push(text));
  inspect(reader.end());
  return lines;
}

/** @throws ImportError when a value has two readings and no other value of the file decides between them */
function writingOf(
  clues: ReadonlyMap<Clue, ClueLocation>,
  zone: string | undefined,
): { writing: Writing; findings: string[] } {
  const at = (clue: Clue): string | undefined => {
    const location = clues.get(clue);
    return location && `${location.column} of line ${location.line}`;
  };
  const hint = 'say which by --format br (1.234,56 and 31/12/2026) or --format iso (1234.56 and 2026-12-31)';
  if (at('comma') !== undefined && at('point') !== undefined) {
    throw new ImportError(`${at('comma')} has a decimal comma and ${at('point')} a decimal point: ${hint}`);
  }
  if (at('amount-doubt') !== undefined && at('comma') === undefined && at('point') === undefined) {
    throw new ImportError(`${at('amount-doubt')} may have thousands or a fraction: ${hint}`);
  }
  if (at('month-first') !== undefined) {
    throw new ImportError(`${at('month-first')} has its month first, which is not read: write days as 2026-12-31`);
  }
  if (at('day-doubt') !== undefined && at('day-first') === undefined) {
    throw new ImportError(`${at('day-doubt')} may have its day or its month first: ${hint}`);
  }
  if (at('no-offset') !== undefined && zone === undefined) {
    throw new ImportError(
      `${at('no-offset')} has no offset: name its time zone by --fuso America/Sao_Paulo, --fuso Z or --fuso -03:00`,
    );
  }
  const findings: string[] = [];
  if (at('comma') !== undefined) findings.push('decimal comma');
  if (at('point') !== undefined) findings.push('decimal point');
  if (at('day-first') !== undefined) findings.push('day first');
  const writing = {
    decimal: at('comma') !== undefined ? ',' : '.',
    isDayFirst: at('day-first') !== undefined,
    zone,
  } as const;
  return { writing, findings };
}

const separatorNames: Readonly<Record<string, string>> = { ';': 'semicolon', ',': 'comma', '\t': 'tab', '|': 'bar' };

/**
 * Detects how a CSV is written. Reads only its first 262,144 characters if they are in the strict form, else the whole file.
 *
 * @param texts reads the file from its start; called up to twice
 * @returns undefined for a file in the strict form
 * @throws ImportError without a valid header, and for a file that may be read in two ways; the message names the option
 */
export async function detectSheet(
  texts: () => AsyncIterable<string>,
  kind: ImportKind,
  options: FormatOptions,
): Promise<Sheet | undefined> {
  if (options.format === 'estrito') return undefined;
  const sample = await startOf(texts());
  if (sample.trim() === '') throw new ImportError('the file is empty: its first line names the columns');
  if (options.format === undefined && looksStrict(sample, kind.columns)) return undefined;
  const layout = sheetLayout(normalizeMarks(sample), kind.columns);
  if (!layout) throw new ImportError('the file has no header: its first line names the columns');
  const layoutFindings = [
    `separator ${separatorNames[layout.separator] ?? layout.separator}`,
    ...(layout.titleLines > 0
      ? [`header in line ${layout.linesBefore}, below ${layout.titleLines} lines of titles`]
      : []),
  ];
  if (options.format !== undefined) {
    const isBr = options.format === 'br';
    const writing: Writing = {
      decimal: isBr ? ',' : '.',
      isDayFirst: isBr,
      zone: options.zone ?? (isBr ? SAO_PAULO : undefined),
    };
    return { layout, writing, findings: layoutFindings };
  }
  const { writing, findings } = writingOf(await cluesOf(texts(), kind.columns, layout), options.zone);
  return { layout, writing, findings: [...layoutFindings, ...findings] };
}

/** The kind with columns that also read the forms of spreadsheets. */
export const kindInSheetForms = (kind: ImportKind, writing: Writing): ImportKind => ({
  ...kind,
  columns: kind.columns.map((column) => ({
    ...column,
    read: (text) =>
      isCutNumber(text) ? { code: 'NOTACAO_CIENTIFICA' } : column.read(column.sheet.toStrict(text, writing)),
  })),
});
