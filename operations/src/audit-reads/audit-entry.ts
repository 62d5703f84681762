import { readCsvRecord } from './csv-record.ts';
import { garbled, LogError, type LogLine } from './log-line.ts';

/** What pgaudit says about one relation of one statement. */
export interface AuditEntry {
  /** Counts in a session: the statement, and the statement within it. */
  readonly statement: string;
  /** READ, WRITE, MISC and others. */
  readonly statementClass: string;
  /** Such as SELECT or UPDATE. */
  readonly command: string;
  /** The name of the relation with its schema; empty for a statement without one, or when pgaudit names none. */
  readonly relation: string;
  readonly text: string;
  /** The parameters as CSV. */
  readonly parameters: string;
}

const PREFIX = 'AUDIT: ';
/** The tenth has the number of rows, with `pgaudit.log_rows`. */
const FIELDS = new Set([9, 10]);

/** @returns undefined for a line that is not of pgaudit. @throws LogError for one that cannot be read */
export function auditEntryOf({ message, place }: LogLine): AuditEntry | undefined {
  if (!message.startsWith(PREFIX)) return undefined;
  const fields = readCsvRecord(message.slice(PREFIX.length));
  if (!fields || !FIELDS.has(fields.length)) throw garbled(place);
  return {
    statement: `${fields[1]}.${fields[2]}`,
    statementClass: fields[3]!,
    command: fields[4]!,
    relation: fields[6]!,
    text: fields[7]!,
    parameters: fields[8]!,
  };
}

const settingsOff: readonly (readonly [RegExp, string])[] = [
  [/^<not logged>$/, 'pgaudit.log_parameter or pgaudit.log_statement is off'],
  [/^<previously logged>$/, 'pgaudit.log_statement_once is on'],
  [/<long param suppressed>/, 'pgaudit.log_parameter_max_size is set'],
];

/** @throws LogError naming the setting without which the entry does not say who was read */
export function requireWhole({ text, parameters }: AuditEntry, place: string): void {
  for (const [mark, setting] of settingsOff)
    if (mark.test(text) || mark.test(parameters)) throw new LogError(`${place}: ${setting}: the log does not say whom this statement read`); // prettier-ignore
}
