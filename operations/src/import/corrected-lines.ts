import { csvReader } from './csv-reader.ts';
import type { FileRecord } from './file-record.ts';
import { ImportError } from './import-error.ts';

const SUFFIX = /(?:\.recusadas\.csv)+$/;
const HEADER = /^\uFEFF?"?linha"?([;,\t|])"?codigo"?\1"?campo"?\1"?original"?\r?$/;

/** The name of the imported file, without the suffix of a refused file. */
export const inputOf = (file: string): string => file.replace(SUFFIX, '');

async function firstLineOf(texts: AsyncIterable<string>): Promise<string> {
  let start = '';
  for await (const text of texts) {
    start += text;
    if (start.includes('\n') || start.length > 1_000) break;
  }
  return start.split('\n')[0] as string;
}

/** The header of a CSV in the strict form, without a byte order mark. */
export const strictHeaderOf = async (texts: AsyncIterable<string>): Promise<string> =>
  (await firstLineOf(texts)).replace(/^\uFEFF|\r$/g, '');

/** Yields the column `original` as a file. Empty lines keep each line at its line number in the refused file. */
async function* originals(texts: AsyncIterable<string>, separator: string): AsyncGenerator<string> {
  const reader = csvReader([], {
    separator,
    width: 4,
    linesBefore: 1,
    recordOf: (line, original, fields): FileRecord => ({
      line,
      original,
      values: fields?.length === 4 ? fields : undefined,
    }),
  });
  let linesWritten = 0;
  const textOf = ({ line, values }: FileRecord): string => {
    if (!values) {
      throw new ImportError(
        `line ${line} does not have the four columns linha, codigo, campo, original: correct only the column original`,
      );
    }
    const original = values[3] as string;
    const blankLines = '\n'.repeat(line - 1 - linesWritten);
    linesWritten = line + original.split('\n').length - 1;
    return `${blankLines}${original}\n`;
  };
  for await (const text of texts) yield reader.push(text).map(textOf).join('');
  yield reader.end().map(textOf).join('');
}

/**
 * Reads the column `original` of a refused file, where an operator has corrected the lines.
 * @returns the same texts for any other file
 */
export async function correctedLines<T extends AsyncIterable<string>>(
  texts: (onRead?: (bytes: number) => void) => T,
): Promise<(onRead?: (bytes: number) => void) => T | AsyncGenerator<string>> {
  const separator = HEADER.exec(await firstLineOf(texts()))?.[1];
  return separator === undefined ? texts : (onRead) => originals(texts(onRead), separator);
}
