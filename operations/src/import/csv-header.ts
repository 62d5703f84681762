import type { Column } from './columns.ts';
import { ImportError } from './import-error.ts';

export interface CsvHeader {
  readonly delimiter: string;
  readonly width: number;
  /** The position of each column in a line, in the order of the kind's columns; -1 for a column that the file does not have. */
  readonly positions: readonly number[];
}

/**
 * Reads the first line. Errors do not repeat its text: in a file without a header the first line is a person's data.
 *
 * @throws ImportError when a column is unknown, repeated, or required and missing
 */
export function readCsvHeader(line: string, columns: readonly Column[]): CsvHeader {
  const delimiter = line.includes(';') ? ';' : ',';
  const names = line.split(delimiter).map((name) =>
    name
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .toLowerCase(),
  );
  const columnNames = columns.map(({ name }) => name);
  names.forEach((name, position) => {
    if (!columnNames.includes(name)) {
      throw new ImportError(`column ${position + 1} of the header is none of: ${columnNames.join(', ')}`);
    }
    if (names.indexOf(name) !== position) throw new ImportError(`the header has the column ${name} twice`);
  });
  const missing = columns.filter(({ name, isRequired }) => isRequired && !names.includes(name)).map(({ name }) => name);
  if (missing.length > 0) throw new ImportError(`the header lacks: ${missing.join(', ')}`);
  return { delimiter, width: names.length, positions: columnNames.map((name) => names.indexOf(name)) };
}
