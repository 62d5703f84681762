import type { Column } from './columns.ts';
import { csvReader } from './csv-reader.ts';
import { ImportError } from './import-error.ts';
import type { ImportKind } from './kinds/import-kind.ts';
import type { Clue, Writing } from './sheet-forms.ts';
import { sheetLayout, sheetReader, withPlainMarks } from './sheet-reader.ts';
import type { SheetLayout } from './sheet-reader.ts';
import { isCutNumber } from './text-damage.ts';

/** `estrito`: as docs/import.md has it. `br`, `iso`: spreadsheets with a decimal comma and the day first, or neither. */
export const formats = ['estrito', 'br', 'iso'] as const;
export type Format = (typeof formats)[number];

export interface Said {
  /** undefined: the file decides. */
  readonly format: Format | undefined;
  /** Where clocks without an offset stand. */
  readonly fuso: string | undefined;
}

/** How a file is written; undefined: in the strict form. */
export interface Sheet {
  readonly layout: SheetLayout;
  readonly writing: Writing;
  /** What was found out rather than said, in words. */
  readonly found: readonly string[];
}

const SAMPLE_CHARACTERS = 262_144;
const SAO_PAULO = 'America/Sao_Paulo';

const EITHER: readonly Writing[] = [
  { decimal: ',', isDayFirst: true, fuso: 'Z' },
  { decimal: '.', isDayFirst: false, fuso: 'Z' },
];

/** Whether a text says in another form what the column would take. */
const isOtherwiseWritten = ({ sheet, read }: Column, text: string): boolean =>
  isCutNumber(text) ||
  (sheet.clues?.(text).length ?? 0) > 0 ||
  EITHER.some((writing) => typeof read(sheet.strict(text, writing)) === 'string');

/** Digits that the check digits prove to have lost zeros: they are lost on some lines only. */
const hasLostZeros = (column: Column, text: string): boolean =>
  (column.sqlType === 'char(11)' || column.sqlType === 'char(14)') &&
  /^\d{3,13}$/.test(text) &&
  isOtherwiseWritten(column, text);

/** What is written alike: amounts, days, the values of one enum. */
const valueKind = ({ sqlType, form }: Column): string => (sqlType === 'text' ? form : sqlType);

/**
 * Whether the start of a file is in the strict form: for each kind of value at least one is, or none is in another form.
 * Then all of the file is read so, and what has another form is refused line by line.
 */
function looksStrict(sample: string, columns: readonly Column[]): boolean {
  let records;
  try {
    records = csvReader(columns).push(sample.slice(0, sample.lastIndexOf('\n') + 1));
  } catch {
    return false;
  }
  const strict = new Set<string>();
  const other = new Set<string>();
  for (const { values } of records) {
    for (const [index, column] of columns.entries()) {
      const text = values?.[index] ?? '';
      if (text.trim() === '') continue;
      if (/^="/.test(text)) return false;
      if (typeof column.read(text) === 'string') strict.add(valueKind(column));
      else if (hasLostZeros(column, text)) return false;
      else if (isOtherwiseWritten(column, text.trim())) other.add(valueKind(column));
    }
  }
  return [...other].every((one) => strict.has(one)) && (records.length > 0 || !/\n\s*\S/.test(sample));
}

async function startOf(texts: AsyncIterable<string>): Promise<string> {
  let start = '';
  for await (const text of texts) {
    start += text;
    if (start.length >= SAMPLE_CHARACTERS) return start;
  }
  return `${start}\n`;
}

/** Where a clue is: `vencimento of line 2`. */
interface Found {
  readonly line: number;
  readonly column: string;
}

/** The first value that gives each clue. */
async function cluesOf(texts: AsyncIterable<string>, columns: readonly Column[], layout: SheetLayout) {
  const reader = sheetReader(columns, layout);
  const lines = new Map<Clue, Found>();
  const look = (records: ReturnType<typeof reader.push>): void => {
    for (const { line, values } of records) {
      for (const [index, { name, sheet }] of columns.entries()) {
        const text = values?.[index] ?? '';
        if (text === '' || !sheet.clues) continue;
        for (const clue of sheet.clues(text)) if (!lines.has(clue)) lines.set(clue, { line, column: name });
      }
    }
  };
  for await (const text of texts) look(reader.push(text));
  look(reader.end());
  return lines;
}

/** @throws ImportError where a value has two readings and no other value of the file says which */
function writingOf(clues: ReadonlyMap<Clue, Found>, fuso: string | undefined): { writing: Writing; found: string[] } {
  const at = (clue: Clue): string | undefined => {
    const found = clues.get(clue);
    return found && `${found.column} of line ${found.line}`;
  };
  const say = 'say which by --format br (1.234,56 and 31/12/2026) or --format iso (1234.56 and 2026-12-31)';
  if (at('comma') !== undefined && at('point') !== undefined) {
    throw new ImportError(`${at('comma')} has a decimal comma and ${at('point')} a decimal point: ${say}`);
  }
  if (at('amount-doubt') !== undefined && at('comma') === undefined && at('point') === undefined) {
    throw new ImportError(`${at('amount-doubt')} may have thousands or a fraction: ${say}`);
  }
  if (at('month-first') !== undefined) {
    throw new ImportError(`${at('month-first')} has its month first, which is not read: write days as 2026-12-31`);
  }
  if (at('day-doubt') !== undefined && at('day-first') === undefined) {
    throw new ImportError(`${at('day-doubt')} may have its day or its month first: ${say}`);
  }
  if (at('no-offset') !== undefined && fuso === undefined) {
    throw new ImportError(
      `${at('no-offset')} has no offset: say where its clock stands by --fuso America/Sao_Paulo, --fuso Z or --fuso -03:00`,
    );
  }
  const found: string[] = [];
  if (at('comma') !== undefined) found.push('decimal comma');
  if (at('point') !== undefined) found.push('decimal point');
  if (at('day-first') !== undefined) found.push('day first');
  const writing = {
    decimal: at('comma') !== undefined ? ',' : '.',
    isDayFirst: at('day-first') !== undefined,
    fuso,
  } as const;
  return { writing, found };
}

const separatorNames: Readonly<Record<string, string>> = { ';': 'semicolon', ',': 'comma', '\t': 'tab', '|': 'bar' };

/**
 * How a CSV is written. Where its start is in the strict form that is all that is looked at; else every line is.
 *
 * @param texts the file from its start, each time it is called
 * @throws ImportError for a header that is none, and for a file that may be read in two ways; it names the option
 */
export async function sheetOf(
  texts: () => AsyncIterable<string>,
  kind: ImportKind,
  said: Said,
): Promise<Sheet | undefined> {
  if (said.format === 'estrito') return undefined;
  const sample = await startOf(texts());
  if (sample.trim() === '') throw new ImportError('the file is empty: its first line names the columns');
  if (said.format === undefined && looksStrict(sample, kind.columns)) return undefined;
  const layout = sheetLayout(withPlainMarks(sample), kind.columns);
  if (!layout) throw new ImportError('the file has no header: its first line names the columns');
  const layoutFound = [
    `separator ${separatorNames[layout.separator] ?? layout.separator}`,
    ...(layout.titles > 0 ? [`header in line ${layout.linesBefore}, below ${layout.titles} lines of titles`] : []),
  ];
  if (said.format !== undefined) {
    const isBr = said.format === 'br';
    const writing: Writing = {
      decimal: isBr ? ',' : '.',
      isDayFirst: isBr,
      fuso: said.fuso ?? (isBr ? SAO_PAULO : undefined),
    };
    return { layout, writing, found: layoutFound };
  }
  const { writing, found } = writingOf(await cluesOf(texts(), kind.columns, layout), said.fuso);
  return { layout, writing, found: [...layoutFound, ...found] };
}

/** The kind as a file writes it: each column takes the forms that spreadsheets give it. */
export const kindAsWritten = (kind: ImportKind, writing: Writing): ImportKind => ({
  ...kind,
  columns: kind.columns.map((column) => ({
    ...column,
    read: (text) =>
      isCutNumber(text) ? { code: 'NOTACAO_CIENTIFICA' } : column.read(column.sheet.strict(text, writing)),
  })),
});
