import { ImportError } from './import-error.ts';

/** One record of a file, as far as its format can be read. */
export interface FileRecord {
  /** The line it starts on; the first of the file is 1. */
  readonly line: number;
  /** Its text as it stands in the file, without the line end. */
  readonly original: string;
  /** Its texts, in the order of the columns asked for and empty where it has none; undefined when it is malformed. */
  readonly values: readonly string[] | undefined;
  /** The column that makes it malformed, when it is just one. */
  readonly field?: string;
}

/** Cuts a file, given piece by piece, into records. */
export interface RecordReader {
  /** The records that are complete after this piece. */
  push(text: string): FileRecord[];
  /** The rest, after the last piece. */
  end(): FileRecord[];
}

const REPLACEMENT = '\uFFFD';

/** False for bytes that are of no character, and for NUL, which PostgreSQL cannot hold. */
export const isReadable = (text: string): boolean =>
  text.isWellFormed() && !text.includes(REPLACEMENT) && !text.includes('\0');

const LINE_MAX = 1_000_000;

/** What is left of a piece until its line ends; a line that does not end would fill the memory. */
export function checkedRest(rest: string, line: number): string {
  if (rest.length > LINE_MAX)
    throw new ImportError(`line ${line} is over ${LINE_MAX} characters long; is this a text file?`);
  return rest;
}
