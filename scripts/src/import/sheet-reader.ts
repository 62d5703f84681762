import { csvReader } from './csv-reader.ts';
import { ImportError } from './import-error.ts';
import type { Column } from './columns.ts';
import type { FileRecord, RecordReader } from './file-record.ts';

/** How the columns of a sheet stand in its lines. */
export interface SheetLayout {
  readonly separator: string;
  /** For each of the kind's columns, where it is; -1: nowhere. */
  readonly positions: readonly number[];
  readonly width: number;
  /** Lines before the first record: `sep=`, empty ones, the header. */
  readonly linesBefore: number;
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
    .replace(/[\0\u00a0\u2007\u202f]/g, ' ')
    .replaceAll('\x1A', ' ');

/** A field without what spreadsheets and mainframes put around it. */
function plain(field: string): string {
  const bare = field.replace(/^[\s\u200b\ufeff]+|[\s\u200b\ufeff]+$/g, '');
  const kept = /^="(.*)"$/.exec(bare)?.[1] ?? bare;
  return /^'\d[\d./-]*$/.test(kept) ? kept.slice(1) : kept.trim();
}

/**
 * Finds the header among the first lines.
 * @returns undefined where it is not among them yet
 * @throws ImportError when a column is unknown, repeated, or required and missing; the line is never repeated
 */
export function sheetLayout(text: string, columns: readonly Column[]): SheetLayout | undefined {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  let said: string | undefined;
  for (let at = 0; at < lines.length - 1; at++) {
    const line = lines[at] as string;
    const separatorLine = SEPARATOR_LINE.exec(line.trim());
    if (separatorLine) said = separatorLine[1];
    else if (line.replace(/[;,|\s"]/g, '') !== '') return layoutOf(line, at + 1, columns, said);
  }
  return undefined;
}

function layoutOf(
  line: string,
  linesBefore: number,
  columns: readonly Column[],
  said: string | undefined,
): SheetLayout {
  const known = columns.map(({ name }) => name);
  const separator =
    said ??
    SEPARATORS.map((one) => ({
      one,
      hits: line.split(one).filter((name) => known.includes(columnName(name))).length,
    })).toSorted((a, b) => b.hits - a.hits)[0]!.one;
  const names = line.split(separator).map(columnName);
  while (names.length > 1 && names.at(-1) === '') names.pop();
  names.forEach((name, position) => {
    if (name !== '' && !known.includes(name))
      throw new ImportError(`column ${position + 1} of the header is none of: ${known.join(', ')}`);
    if (name !== '' && names.indexOf(name) !== position)
      throw new ImportError(`the header has the column ${name} twice`);
  });
  const missing = columns.filter(({ name, required }) => required && !names.includes(name)).map(({ name }) => name);
  if (missing.length > 0) throw new ImportError(`the header lacks: ${missing.join(', ')}`);
  return { separator, width: names.length, positions: known.map((name) => names.indexOf(name)), linesBefore };
}

const FOOTER = /^(?:sub)?total|^soma\b|^registros\b|^quantidade\b|^fim\b|^trailer\b/i;

export interface SheetReader extends RecordReader {
  /** Lines of totals that were passed over. */
  footers(): number;
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

  function recordOf(line: number, original: string, found: readonly string[] | undefined): FileRecord | undefined {
    const fields = (found ?? original.split(separator)).map((field) =>
      plain(found ? field : field.replace(/^\s*"(.*)"\s*$/, '$1')),
    );
    if (fields.every((field) => field === '')) return undefined;
    const values = positions.map((position, index) => {
      const field = position < 0 ? '' : (fields[position] ?? '');
      return columns[index]?.sheet.isNothing?.(field) ? '' : field;
    });
    const isFooter = FOOTER.test(fields.find((field) => field !== '') ?? '');
    if (isFooter && required.some((index) => values[index] === '')) {
      footers++;
      return undefined;
    }
    const named = new Set(positions);
    const isWhole = fields.length >= width && fields.every((field, position) => field === '' || named.has(position));
    const hasOpenQuote = !found && original.split(separator).some((field) => /^\s*"(?!.*"\s*$)/.test(field));
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
