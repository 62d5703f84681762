import type { Column } from './columns.ts';
import { csvReader } from './csv-reader.ts';
import type { FileRecord, RecordReader } from './file-record.ts';
import { ImportError } from './import-error.ts';
import { withoutCopiedMarks } from './text-damage.ts';

/** The columns of a sheet and their positions in a line. */
export interface SheetLayout {
  readonly separator: string;
  /** The position of each of the kind's columns; -1 for a column that the sheet does not have. */
  readonly positions: readonly number[];
  readonly width: number;
  /** The number of lines before the first record: `sep=`, titles, empty lines, the header. */
  readonly linesBefore: number;
  /** The number of titles among them. */
  readonly titleLines: number;
  readonly header: string;
}

const SEPARATORS = [';', ',', '\t', '|'];
const SEPARATOR_LINE = /^"?sep=(.)"?[;,\t|]*$/i;

/** Converts a heading to a column name: `"Situação Cadastral "` to `situacao_cadastral`. */
const columnName = (text: string): string =>
  toPlainField(text.replace(/^\s*"(.*)"\s*$/, '$1'))
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');

/** Makes CRLF and CR a line feed, and NUL, Control-Z and special spaces a space. */
export const normalizeMarks = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[\0\u00a0\u2007\u2009\u202f]/g, ' ')
    .replaceAll('\x1A', ' ');

/** Removes what spreadsheets and mainframes put around a field. */
function toPlainField(field: string): string {
  const bare = withoutCopiedMarks(field).trim();
  const content = /^="(.*)"$/.exec(bare)?.[1] ?? bare;
  return /^'\d[\d./-]*$/.test(content) ? content.slice(1) : content.trim();
}

/** The lines above a header with the name, the date and the recipient of a report. */
const TITLES_MAX = 30;

/**
 * Finds the header: the first line that names every required column.
 * @returns undefined for a text without a line
 * @throws ImportError without a header, or if the header has an unknown or repeated column; the message contains no line
 */
export function sheetLayout(text: string, columns: readonly Column[]): SheetLayout | undefined {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const filledLines: { readonly line: string; readonly linesBefore: number }[] = [];
  let statedSeparator: string | undefined;
  for (let at = 0; at < lines.length - 1 && filledLines.length <= TITLES_MAX; at++) {
    const line = lines[at] as string;
    const separatorLine = SEPARATOR_LINE.exec(line.trim());
    if (separatorLine) statedSeparator = separatorLine[1];
    else if (line.replace(/[;,|\s"]/g, '') !== '') filledLines.push({ line, linesBefore: at + 1 });
  }
  const headerIndex = filledLines.findIndex(
    ({ line }) => missingIn(namesOf(line, columns, statedSeparator).names, columns).length === 0,
  );
  const titleLines = Math.max(headerIndex, 0);
  const header = filledLines[titleLines];
  return header && { ...layoutOf(header, columns, statedSeparator), titleLines, header: header.line };
}

function namesOf(line: string, columns: readonly Column[], statedSeparator: string | undefined) {
  const columnNames = new Set(columns.map(({ name }) => name));
  const candidates = statedSeparator === undefined ? SEPARATORS : [statedSeparator];
  const read = candidates.map((separator) => ({ separator, names: line.split(separator).map(columnName) }));
  const hits = (names: readonly string[]): number => names.filter((name) => columnNames.has(name)).length;
  return read.toSorted((a, b) => hits(b.names) - hits(a.names))[0] as (typeof read)[number];
}

const missingIn = (names: readonly string[], columns: readonly Column[]): string[] =>
  columns.filter(({ name, isRequired }) => isRequired && !names.includes(name)).map(({ name }) => name);

function layoutOf(
  { line, linesBefore }: { readonly line: string; readonly linesBefore: number },
  columns: readonly Column[],
  statedSeparator: string | undefined,
): Omit<SheetLayout, 'titleLines' | 'header'> {
  const columnNames = columns.map(({ name }) => name);
  const { separator, names } = namesOf(line, columns, statedSeparator);
  while (names.length > 1 && names.at(-1) === '') names.pop();
  const where = linesBefore === 1 ? 'the header' : `the header in line ${linesBefore}`;
  names.forEach((name, position) => {
    if (name !== '' && !columnNames.includes(name))
      throw new ImportError(`column ${position + 1} of ${where} is none of: ${columnNames.join(', ')}`);
    if (name !== '' && names.indexOf(name) !== position) throw new ImportError(`${where} has the column ${name} twice`);
  });
  const missing = missingIn(names, columns);
  if (missing.length > 0) throw new ImportError(`${where} lacks: ${missing.join(', ')}`);
  return { separator, width: names.length, positions: columnNames.map((name) => names.indexOf(name)), linesBefore };
}

const FOOTER = /^(?:sub)?total|^soma\b|^registros\b|^quantidade\b|^fim\b|^trailer\b/i;

/** The other fields of a line of totals: counts and amounts, and no name. */
const NUMBERS = /^[-+()R$%\d.,\s]*$/i;

export interface SheetReader extends RecordReader {
  /** The number of skipped lines: totals and repeated headers. */
  footers(): number;
}

/** True for a field with a quote that is not closed, or closed and opened again. Its value may contain separators. */
function isOpenQuoted(field: string): boolean {
  const bare = field.trim();
  if (bare.includes('\\"')) return true;
  return bare.startsWith('"') && (bare.length === 1 || !bare.endsWith('"') || bare.split('"').length % 2 === 0);
}

/**
 * CSV as spreadsheets and mainframes write it. Its records are those of `csvReader`, but: fields are bare; empty fields
 * past the header, empty lines and lines of totals are passed over; a quote that opens nothing is a character.
 */
export function sheetReader(columns: readonly Column[], layout: SheetLayout): SheetReader {
  const { separator, positions, width } = layout;
  const required = columns.flatMap(({ isRequired }, index) => (isRequired ? [index] : []));
  let footers = 0;
  const inner = csvReader(columns, {
    separator,
    width,
    linesBefore: layout.linesBefore,
    recordOf: (line, original, fields) => recordOf(line, original, fields),
  });
  let heldReturn = '';

  function isFooter(fields: readonly string[], values: readonly string[]): boolean {
    const [first = '', ...otherFields] = fields.filter((field) => field !== '');
    return (
      FOOTER.test(first) &&
      otherFields.every((field) => NUMBERS.test(field)) &&
      required.some((at) => values[at] === '')
    );
  }

  /** True for a repeated header, as in concatenated files. */
  const isHeaderAgain = (values: readonly string[]): boolean =>
    values.every((value, index) => columnName(value) === (positions[index] === -1 ? '' : columns[index]?.name));

  function recordOf(line: number, original: string, parsed: readonly string[] | undefined): FileRecord | undefined {
    const fields = (parsed ?? original.split(separator)).map((field) =>
      toPlainField(parsed ? field : field.replace(/^\s*"(.*)"\s*$/, '$1')),
    );
    if (fields.every((field) => field === '')) return undefined;
    const values = positions.map((position, index) => {
      const field = position < 0 ? '' : (fields[position] ?? '');
      return columns[index]?.sheet.isEmptyMark?.(field) ? '' : field;
    });
    if (isFooter(fields, values) || isHeaderAgain(values)) {
      footers++;
      return undefined;
    }
    const columnPositions = new Set(positions);
    const hasEveryColumn =
      fields.length >= width && fields.every((field, position) => field === '' || columnPositions.has(position));
    const hasOpenQuote = !parsed && original.split(separator).some(isOpenQuoted);
    const isText = original.isWellFormed() && !original.includes('\uFFFD');
    return { line, original, values: hasEveryColumn && isText && !hasOpenQuote ? values : undefined };
  }

  return {
    push(text) {
      // A final CR may be the first half of CRLF: it waits for the next piece.
      const piece = heldReturn + text;
      heldReturn = piece.endsWith('\r') ? '\r' : '';
      return inner.push(normalizeMarks(heldReturn ? piece.slice(0, -1) : piece));
    },
    end: () => inner.end(),
    footers: () => footers,
  };
}
