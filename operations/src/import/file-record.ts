import { ImportError } from './import-error.ts';

/** One record of a file. */
export interface FileRecord {
  /** The line on which it starts; the first line of the file is 1. */
  readonly line: number;
  /** Its text in the file, without the line end. */
  readonly original: string;
  /** Its values in the order of the requested columns, empty for an absent value; undefined for a malformed record. */
  readonly values: readonly string[] | undefined;
  /** The column that makes the record malformed, if it is a single one. */
  readonly field?: string;
}

/** Splits a file, which comes in pieces, into records. */
export interface RecordReader {
  /** @returns the records that this piece completes */
  push(text: string): FileRecord[];
  /** @returns the rest, after the last piece */
  end(): FileRecord[];
}

const REPLACEMENT = '\uFFFD';

/** False for text with bytes that are no character, or with NUL, which PostgreSQL cannot store. */
export const isReadable = (text: string): boolean =>
  text.isWellFormed() && !text.includes(REPLACEMENT) && !text.includes('\0');

const LINE_MAX = 1_000_000;

/** @returns `rest`, an incomplete line @throws ImportError if it is over 1,000,000 characters long: it would fill the memory */
export function checkedRest(rest: string, line: number): string {
  if (rest.length > LINE_MAX)
    throw new ImportError(`line ${line} is over ${LINE_MAX} characters long; is this a text file?`);
  return rest;
}
