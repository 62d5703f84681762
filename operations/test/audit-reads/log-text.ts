import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a test says of a line. The rest is that of a read by the reader of Base A. */
export interface LineOfTest {
  readonly instant?: string;
  readonly role?: string;
  readonly database?: string;
  readonly session?: string;
  readonly sessionLine?: number;
  readonly sessionStart?: string;
  readonly message?: string;
}

const csvField = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** Fields as pgaudit quotes them. */
export const csv = (...values: readonly string[]): string => values.map(csvField).join(',');

/** What a test says of a statement. The rest is that of a service's read. */
export interface EntryOfTest {
  readonly statement?: number;
  readonly statementClass?: string;
  readonly command?: string;
  readonly relation?: string;
  readonly text?: string;
  /** The values of its parameters. Default: none. */
  readonly values?: readonly string[];
  /** As pgaudit writes them. Default: `values`. */
  readonly parameters?: string;
}

/** A message of pgaudit. */
export function auditMessage(entry: EntryOfTest = {}): string {
  const { statement = 1, statementClass = 'READ', command = 'SELECT', relation = 'public.pessoa', values = [] } = entry;
  const { text = 'SELECT "nome"\n  FROM public.pessoa WHERE cpf = ANY ($1::bpchar[])' } = entry;
  const { parameters = values.length === 0 ? '<none>' : csv(...values) } = entry;
  return `AUDIT: ${csv('SESSION', String(statement), '1', statementClass, command, relation === '' ? '' : 'TABLE', relation, text, parameters)}`; // prettier-ignore
}

const withDefaults = (line: LineOfTest): Required<LineOfTest> => ({
  instant: '2026-11-20 12:00:00.000 UTC',
  role: 'base_a_reader',
  database: 'base_a',
  session: '6924a001.1f',
  sessionLine: 1,
  sessionStart: '2026-11-20 11:59:00 UTC',
  message: auditMessage(),
  ...line,
});

export function csvLine(line: LineOfTest = {}): string {
  const { instant, role, database, session, sessionLine, sessionStart, message } = withDefaults(line);
  return `${csv(instant, role, database, '31', '127.0.0.1:40000', session, String(sessionLine), 'SELECT', sessionStart, '3/7', '0', 'LOG', '00000', message, '', '', '', '', '', '', '', '', '', 'client backend', '', '0')}\n`; // prettier-ignore
}

export function jsonLine(line: LineOfTest = {}): string {
  const { instant, role, database, session, sessionLine, sessionStart, message } = withDefaults(line);
  return `${JSON.stringify({ timestamp: instant, user: role, dbname: database, pid: 31, remote_host: '127.0.0.1', session_id: session, line_num: sessionLine, session_start: sessionStart, error_severity: 'LOG', message, backend_type: 'client backend' })}\n`; // prettier-ignore
}

/** A folder for the logs of a test. */
export interface LogFolder {
  write(name: string, text: string | Uint8Array): Promise<string>;
  remove(): Promise<void>;
}

export async function openLogFolder(): Promise<LogFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'pessoa-base-log-'));
  return {
    async write(name, text) {
      const file = join(folder, name);
      await writeFile(file, text);
      return file;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
