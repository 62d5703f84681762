import type { Column } from './columns.ts';
import { csvReader } from './csv-reader.ts';
import type { FileRecord, RecordReader } from './file-record.ts';
import { ImportError } from './import-error.ts';
import { withoutCopiedMarks } from './text-damage.ts';

/** How the columns of a sheet stand in its lines. */
export interface SheetLayout {
  readonly separator: string;
  /** For each of the kind's columns, where it is; -1: nowhere. */
  readonly positions: readonly number[];
  readonly width: number;
  /** Lines before the first record: `sep=`, titles, empty ones, the header. */
  readonly linesBefore: number;
  /** How many of them are titles. */
  readonly titles: number;
  readonly header: string;
}

const SEPARATORS = [';', ',', '\t', '|'];
const SEPARATOR_LINE = /^"?sep=(.)"?[;,\t|]*$/i;

/** `"Situação Cadastral "` is `situacao_cadastral`. */
const columnName = (text: string): string =>
  plain(text.replace(/^\s*"(.*)"\s*$/, '$1'))
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');

/** Line ends and padding as one form: CR alone ends a line too, NUL and the no-break space are spaces. */
export const withPlainMarks = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[\0\u00a0\u2007\u2009\u202f]/g, ' ')
    .replaceAll('\x1A', ' ');

/** A field without what spreadsheets and mainframes put around it. */
function plain(field: string): string {
  const bare = withoutCopiedMarks(field).trim();
  const kept = /^="(.*)"$/.exec(bare)?.[1] ?? bare;
  return /^'\d[\d./-]*$/.test(kept) ? kept.slice(1) : kept.trim();
}

/** Reports put their name, their date and whom they are for above the header, each in a line. */
const TITLES_MAX = 30;

/**
 * Finds the header among the first lines: the first that names every required column, so that it cannot be anything else.
 * @returns undefined where there is no line yet
 * @throws ImportError when there is no such line, or a column in it is unknown or repeated; no line is ever repeated
 */
export function sheetLayout(text: string, columns: readonly Column[]): SheetLayout | undefined {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const filled: { readonly line: string; readonly linesBefore: number }[] = [];
  let said: string | undefined;
  for (let at = 0; at < lines.length - 1 && filled.length <= TITLES_MAX; at++) {
    const line = lines[at] as string;
    const separatorLine = SEPARATOR_LINE.exec(line.trim());
    if (separatorLine) said = separatorLine[1];
    else if (line.replace(/[;,|\s"]/g, '') !== '') filled.push({ line, linesBefore: at + 1 });
  }
  const titles = filled.findIndex(({ line }) => missingIn(namesOf(line, columns, said).names, columns).length === 0);
  const header = filled[Math.max(titles, 0)];
  return header && { ...layoutOf(header, columns, said), titles: Math.max(titles, 0), header: header.line };
}

function namesOf(line: string, columns: readonly Column[], said: string | undefined) {
  const known = new Set(columns.map(({ name }) => name));
  const candidates = said === undefined ? SEPARATORS : [said];
  const read = candidates.map((separator) => ({ separator, names: line.split(separator).map(columnName) }));
  const hits = (names: readonly string[]): number => names.filter((name) => known.has(name)).length;
  return read.toSorted((a, b) => hits(b.names) - hits(a.names))[0] as (typeof read)[number];
}

const missingIn = (names: readonly string[], columns: readonly Column[]): string[] =>
  columns.filter(({ name, required }) => required && !names.includes(name)).map(({ name }) => name);

function layoutOf(
  { line, linesBefore }: { readonly line: string; readonly linesBefore: number },
  columns: readonly Column[],
  said: string | undefined,
): Omit<SheetLayout, 'titles' | 'header'> {
  const known = columns.map(({ name }) => name);
  const { separator, names } = namesOf(line, columns, said);
  while (names.length > 1 && names.at(-1) === '') names.pop();
  const where = linesBefore === 1 ? 'the header' : `the header in line ${linesBefore}`;
  names.forEach((name, position) => {
    if (name !== '' && !known.includes(name))
      throw new ImportError(`column ${position + 1} of ${where} is none of: ${known.join(', ')}`);
    if (name !== '' && names.indexOf(name) !== position) throw new ImportError(`${where} has the column ${name} twice`);
  });
  const missing = missingIn(names, columns);
  if (missing.length > 0) throw new ImportError(`${where} lacks: ${missing.join(', ')}`);
  return { separator, width: names.length, positions: known.map((name) => names.indexOf(name)), linesBefore };
}

const FOOTER = /^(?:sub)?total|^soma\b|^registros\b|^quantidade\b|^fim\b|^trailer\b/i;

/** What stands beside the word for a total: counts and amounts, and no name of anybody. */
const NUMBERS = /^[-+()R$%\d.,\s]*$/i;

export interface SheetReader extends RecordReader {
  /** Lines of totals, and of the header once more, that were passed over. */
  footers(): number;
}

/** A quote that is not closed, or closed and opened again: what stands between quotes may hold separators. */
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
  const required = columns.flatMap(({ required: isRequired }, index) => (isRequired ? [index] : []));
  let footers = 0;
  const inner = csvReader(columns, {
    separator,
    width,
    linesBefore: layout.linesBefore,
    recordOf: (line, original, fields) => recordOf(line, original, fields),
  });
  let heldReturn = '';

  function isFooter(fields: readonly string[], values: readonly string[]): boolean {
    const [first = '', ...others] = fields.filter((field) => field !== '');
    return (
      FOOTER.test(first) && others.every((field) => NUMBERS.test(field)) && required.some((at) => values[at] === '')
    );
  }

  /** Files that were put one behind the other. */
  const isHeaderAgain = (values: readonly string[]): boolean =>
    values.every((value, index) => columnName(value) === (positions[index] === -1 ? '' : columns[index]?.name));

  function recordOf(line: number, original: string, found: readonly string[] | undefined): FileRecord | undefined {
    const fields = (found ?? original.split(separator)).map((field) =>
      plain(found ? field : field.replace(/^\s*"(.*)"\s*$/, '$1')),
    );
    if (fields.every((field) => field === '')) return undefined;
    const values = positions.map((position, index) => {
      const field = position < 0 ? '' : (fields[position] ?? '');
      return columns[index]?.sheet.isNothing?.(field) ? '' : field;
    });
    if (isFooter(fields, values) || isHeaderAgain(values)) {
      footers++;
      return undefined;
    }
    const named = new Set(positions);
    const isWhole = fields.length >= width && fields.every((field, position) => field === '' || named.has(position));
    const hasOpenQuote = !found && original.split(separator).some(isOpenQuoted);
    const isText = original.isWellFormed() && !original.includes('\uFFFD');
    return { line, original, values: isWhole && isText && !hasOpenQuote ? values : undefined };
  }

  return {
    push(text) {
      // Half of CRLF: the other half is in the next piece.
      const whole = heldReturn + text;
      heldReturn = whole.endsWith('\r') ? '\r' : '';
      return inner.push(withPlainMarks(heldReturn ? whole.slice(0, -1) : whole));
    },
    end: () => inner.end(),
    footers: () => footers,
  };
}
