import { definitions } from '@pessoa/bases/definitions';
import type { Clock } from '@pessoa/domain/data';
import { baseDatabase, type BaseName, baseNames } from '@pessoa/domain/services';
import { readArguments, UsageError } from '@pessoa/service/processes/command-line';
import { type Format, formats } from '../audit/formats.ts';
import { type Period, readBounds } from '../audit/period.ts';
import type { ReadScope } from './base-reads.ts';

/** What is compared with the audit. */
export interface ReadsRequest {
  /** Of the log, the oldest first. */
  readonly files: readonly string[];
  readonly base: BaseName;
  readonly scope: ReadScope;
  /** What the log has to cover: the ends that were named and are not too new. */
  readonly asked: Partial<Period>;
  /** How far a record may be from its read. */
  readonly windowMillis: number;
  readonly format: Format;
}

const letters = baseNames.map((base) => baseDatabase(base).slice('base_'.length));

export const command = {
  name: 'npm run --silent audit:reads',
  about:
    "Finds reads of a base that are not in the audit, in the base's own log: csvlog or jsonlog of PostgreSQL 15 or newer with pgaudit.",
  args: 'LOG [LOG ...]',
  options: {
    base: { type: 'string', value: 'BASE', values: letters, about: 'the base whose log this is' },
    database: { type: 'string', value: 'NAME', about: 'default: base_a, base_b or base_c' },
    reader: {
      type: 'string',
      value: 'ROLE',
      multiple: true,
      about: 'of a service; default: the database with _reader',
    },
    bulk: { type: 'string', value: 'ROLE', multiple: true, about: 'of an indexer, a replica, an extraction or the import: not compared' }, // prettier-ignore
    table: { type: 'string', value: 'NAME', multiple: true, about: "that has people, beside the contract's" },
    from: { type: 'string', value: 'WHEN', about: 'a day of São Paulo (AAAA-MM-DD) or an instant with its offset; default: where the log begins' }, // prettier-ignore
    to: {
      type: 'string',
      value: 'WHEN',
      about: 'the last day, or the instant before which; default: where the log ends',
    },
    window: { type: 'string', value: 'SECONDS', about: 'how far a record may be from its read, 1 to 300; default: 10' },
    format: { type: 'string', value: 'NAME', about: 'default: table', values: formats },
  },
  notes: [
    'the files in the order in which they were written; exit code 1: something was found, or the log cannot prove that there is nothing',
    'AUDIT_TOKEN, or AUDIT_TOKEN_FILE, has the token, with the scope auditoria:read: docs/audit.md',
  ],
} as const;

/** @throws UsageError */
export function readRequest(args: readonly string[], clock: Clock): ReadsRequest {
  const { values, positionals: files } = readArguments(command, args);
  const base = baseNames[letters.indexOf(values.base ?? '')];
  if (!base) throw new UsageError('--base is required');
  if (files.length === 0) throw new UsageError('name at least one LOG');
  const { window = '10', format = 'table', database = baseDatabase(base) } = values;
  if (!/^[1-9]\d{0,2}$/.test(window) || Number(window) > 300)
    throw new UsageError('--window is a whole number of seconds from 1 to 300');
  const { reader = [`${database}_reader`], bulk = [], table = [] } = values;
  const windowMillis = Number(window) * 1_000;
  const { from, until } = readBounds(values.from, values.to);
  // Whether a newer read has a record is not known yet.
  const latest = new Date(clock.now().getTime() - windowMillis);
  const isOver = until !== undefined && until <= latest;
  const both = reader.filter((role) => bulk.includes(role));
  if (both.length > 0) throw new UsageError(`${both.join(', ')} is both --reader and --bulk`);
  return {
    files,
    base,
    scope: {
      database,
      tables: new Set([...tablesOfPeople(base), ...table]),
      readers: new Set(reader),
      bulk: new Set(bulk),
      period: { ...(from && { from }), until: isOver ? until : latest },
    },
    asked: { ...(from && { from }), ...(isOver && { until }) },
    windowMillis,
    format: format as Format,
  };
}

const tablesOfPeople = (base: BaseName): string[] =>
  Object.entries<readonly string[]>(definitions[base].contract).flatMap(([table, columns]) =>
    columns.includes('cpf') ? [table] : [],
  );
