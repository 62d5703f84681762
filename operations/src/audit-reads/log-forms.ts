import { readCsvRecord } from './csv-record.ts';
import type { LogForm } from './log-line.ts';

/** The columns of csvlog since PostgreSQL 14. An older server has fewer. */
const CSV_COLUMNS = 26;

export const csvlog: LogForm = {
  hasQuotes: true,
  read(text) {
    const columns = readCsvRecord(text);
    if (columns?.length !== CSV_COLUMNS) return undefined;
    return {
      instant: columns[0]!,
      role: columns[1]!,
      database: columns[2]!,
      session: columns[5]!,
      sessionLine: columns[6]!,
      sessionStart: columns[8]!,
      message: columns[13]!,
    };
  },
};

export const jsonlog: LogForm = {
  hasQuotes: false,
  read(text) {
    const { timestamp, user, dbname, session_id, line_num, session_start, message } = objectOf(text);
    return {
      instant: textOf(timestamp),
      role: textOf(user),
      database: textOf(dbname),
      session: textOf(session_id),
      sessionLine: textOf(line_num),
      sessionStart: textOf(session_start),
      message: textOf(message),
    };
  },
};

function objectOf(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
