import { CommandError } from '../commands/command-error.ts';

/** A log cannot tell what was read. The message names a place in the log and quotes nothing of it: its text has CPFs. */
export class LogError extends CommandError {}

/** A line of PostgreSQL's own log, in the form csvlog or jsonlog. */
export interface LogLine {
  /** The file and the number of the line, such as `postgresql-Mon.csv:12`. */
  readonly place: string;
  readonly instant: Date;
  /** The role that opened the session, whatever SET ROLE says; empty for a process of the server. */
  readonly role: string;
  readonly database: string;
  readonly session: string;
  /** The server counts the lines of a session from 1, without a gap, for each form of its log. */
  readonly sessionLine: number;
  readonly sessionStart: Date;
  readonly message: string;
}

/** The fields of a line as they are written. */
export type LogFields = Readonly<Record<'instant' | 'role' | 'database' | 'session' | 'sessionLine' | 'sessionStart' | 'message', string>>; // prettier-ignore

/** A form of the log. */
export interface LogForm {
  /** Whether a line may have line ends within quotes. */
  readonly hasQuotes: boolean;
  /** The fields of a whole line. @returns undefined when it has another form */
  read(text: string): LogFields | undefined;
}

const INSTANT = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?) (\S+)$/;
const OFFSET = /^([+-]\d{2}):?(\d{2})?$/;

/** @throws LogError for a line whose instants or number cannot be read */
export function logLineOf(fields: LogFields, place: string): LogLine {
  const sessionLine = Number(fields.sessionLine);
  if (!Number.isInteger(sessionLine) || sessionLine < 1 || fields.session === '') throw garbled(place);
  return {
    ...fields,
    place,
    instant: readInstant(fields.instant, place),
    sessionLine,
    sessionStart: readInstant(fields.sessionStart, place),
  };
}

export const garbled = (place: string): LogError =>
  new LogError(`${place} is cut, garbled, or no line of a csvlog or jsonlog of PostgreSQL 15 or newer`);

/** The name of a zone is ambiguous, and the hour before the end of summer time comes twice: only UTC and offsets are taken. */
function readInstant(text: string, place: string): Date {
  const [, day, time, zone = ''] = INSTANT.exec(text) ?? [];
  if (day === undefined) throw garbled(place);
  const [, hours, minutes = '00'] = OFFSET.exec(zone) ?? [];
  if (hours === undefined && zone !== 'UTC' && zone !== 'GMT')
    throw new LogError(`${place}: the instants have a zone that is no offset: set log_timezone to UTC`);
  const instant = new Date(`${day}T${time}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`);
  if (Number.isNaN(instant.getTime())) throw garbled(place);
  return instant;
}
