import type { Column } from './columns.ts';
import { readCsvHeader } from './csv-header.ts';
import type { CsvHeader } from './csv-header.ts';
import { checkedRest, isReadable } from './file-record.ts';
import type { FileRecord, RecordReader } from './file-record.ts';
import { ImportError } from './import-error.ts';

/** In a longer quoted record the closing quote is taken to be missing. */
const QUOTED_MAX = 65_536;

/** A record with quotes: its end in the text, and its fields. */
interface QuotedRecord {
  readonly end: number;
  readonly fields: string[];
}

/**
 * Reads one record of RFC 4180 from `start`.
 *
 * @param isFinal `text` is the end of the file
 * @returns `incomplete` when the record continues in the next piece of the file
 */
function readQuoted(
  text: string,
  start: number,
  delimiter: string,
  isFinal: boolean,
): QuotedRecord | 'broken' | 'incomplete' {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    if (text[at] === '"') {
      let close = text.indexOf('"', at + 1);
      while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
      if (close < 0) return isFinal ? 'broken' : 'incomplete';
      fields.push(text.slice(at + 1, close).replaceAll('""', '"'));
      at = close + 1;
    } else {
      const from = at;
      while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '"') at++;
      if (text[at] === '"') return 'broken';
      const to = text[at] === '\n' && text[at - 1] === '\r' && at > from ? at - 1 : at;
      fields.push(text.slice(from, to));
    }
    if (at >= text.length) return isFinal ? { end: at, fields } : 'incomplete';
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    if (text[at] === '\n') return { end: at, fields };
    if (text[at] !== delimiter) return text[at] === '\r' && at + 1 >= text.length && !isFinal ? 'incomplete' : 'broken';
    at++;
  }
}

/** True if the record swallowed further lines because a quote of its first line is never closed. */
const isRunaway = ({ end, fields }: QuotedRecord, start: number, lineEnd: number, width: number): boolean =>
  end - start > QUOTED_MAX || (end > lineEnd && fields.length !== width);

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** The layout of a file whose header is not read by `readCsvHeader`. */
export interface CsvShape {
  readonly separator: string;
  readonly width: number;
  /** Lines before the first record. */
  readonly linesBefore: number;
  /** @param fields undefined for a broken record @returns undefined for a line that is no record */
  readonly recordOf: (line: number, original: string, fields: readonly string[] | undefined) => FileRecord | undefined;
}

const headerOf = ({ separator, width }: CsvShape): CsvHeader => ({ delimiter: separator, width, positions: [] });

/** Control-Z, which ends a text file of DOS. */
const DOS_END = '\x1A';

/**
 * Reads CSV with a header line, comma or semicolon, quotes as in RFC 4180, line ends LF or CRLF. We do not use csv-parse: it
 * takes eight times as long and stops at a broken quote. Here a broken record costs only its first line, and reading goes on
 * with the next line.
 */
export function csvReader(columns: readonly Column[], shape?: CsvShape): RecordReader {
  let rest = '';
  let line = 1;
  let header: CsvHeader | undefined;
  let linesBefore = shape?.linesBefore ?? 1;

  const recordOf = (original: string, fields: readonly string[], { width, positions }: CsvHeader): FileRecord => ({
    line,
    original,
    values:
      fields.length === width && isReadable(original)
        ? positions.map((position) => (position < 0 ? '' : (fields[position] as string)))
        : undefined,
  });

  function add(
    records: FileRecord[],
    original: string,
    fields: readonly string[] | undefined,
    lineHeader: CsvHeader,
  ): void {
    const record = shape
      ? shape.recordOf(line, original, fields)
      : fields
        ? recordOf(original, fields, lineHeader)
        : { line, original, values: undefined };
    if (record) records.push(record);
  }

  function read(text: string, final: boolean): FileRecord[] {
    const records: FileRecord[] = [];
    let at = 0;
    while (at < text.length) {
      let end = text.indexOf('\n', at);
      if (end < 0) {
        if (!final) break;
        end = text.length;
      }
      let original = withoutReturn(text.slice(at, end));
      if (linesBefore > 0 && (shape || original.replace(/^\uFEFF/, '') !== '')) {
        header = shape ? headerOf(shape) : readCsvHeader(original.replace(/^\uFEFF/, ''), columns);
        linesBefore--;
      } else if (original === '' || (original === DOS_END && end + 1 >= text.length)) {
        // An empty line and the end mark of DOS are no records.
      } else if (!header) {
        throw new TypeError('records come after a header');
      } else if (!original.includes('"')) {
        add(records, original, original.split(header.delimiter), header);
      } else {
        const quoted = readQuoted(text, at, header.delimiter, final);
        if (quoted === 'incomplete' && text.length - at <= QUOTED_MAX) break;
        if (typeof quoted === 'string' || isRunaway(quoted, at, end, header.width)) {
          add(records, original, undefined, header);
        } else {
          end = quoted.end;
          original = withoutReturn(text.slice(at, end));
          add(records, original, quoted.fields, header);
          line += countLines(original) - 1;
        }
      }
      line++;
      at = end + 1;
    }
    rest = checkedRest(text.slice(at), line);
    return records;
  }

  return {
    push: (text) => read(rest + text, false),
    end() {
      const records = read(rest, true);
      if (header === undefined) throw new ImportError('the file is empty: its first line names the columns');
      return records;
    },
  };
}
