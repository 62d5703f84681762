import { csvReader } from './csv-reader.ts';
import type { FileRecord } from './file-record.ts';
import { ImportError } from './import-error.ts';

const SUFFIX = /(?:\.recusadas\.csv)+$/;
const HEADER = /^\uFEFF?"?linha"?([;,\t|])"?codigo"?\1"?campo"?\1"?original"?\r?$/;

/** The name of the file that refused lines are of. */
export const inputOf = (file: string): string => file.replace(SUFFIX, '');

async function firstLineOf(texts: AsyncIterable<string>): Promise<string> {
  let start = '';
  for await (const text of texts) {
    start += text;
    if (start.includes('\n') || start.length > 1_000) break;
  }
  return start.split('\n')[0] as string;
}

/** The header of a CSV in the strict form. */
export const strictHeaderOf = async (texts: AsyncIterable<string>): Promise<string> =>
  (await firstLineOf(texts)).replace(/^\uFEFF|\r$/g, '');

/** The column `original` as a file of its own, each line where it stands among the refused ones. */
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
  let lines = 0;
  const textOf = ({ line, values }: FileRecord): string => {
    if (!values) {
      throw new ImportError(
        `line ${line} is not one of linha, codigo, campo, original: correct refused lines in the column original alone`,
      );
    }
    const original = values[3] as string;
    const blank = '\n'.repeat(line - 1 - lines);
    lines = line + original.split('\n').length - 1;
    return `${blank}${original}\n`;
  };
  for await (const text of texts) yield reader.push(text).map(textOf).join('');
  yield reader.end().map(textOf).join('');
}

/**
 * A file of refused lines, corrected in its column `original`, is read as the lines that stand there.
 * @returns the same texts for any other file
 */
export async function correctedLines<T extends AsyncIterable<string>>(
  texts: (onRead?: (bytes: number) => void) => T,
): Promise<(onRead?: (bytes: number) => void) => T | AsyncGenerator<string>> {
  const separator = HEADER.exec(await firstLineOf(texts()))?.[1];
  return separator === undefined ? texts : (onRead) => originals(texts(onRead), separator);
}
