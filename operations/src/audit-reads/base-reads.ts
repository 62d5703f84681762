import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { isRowCountOf } from '@pessoa/subgraph/replica/row-count-statement';
import type { Period } from '../audit/period.ts';
import { type AuditEntry, auditEntryOf, requireWhole } from './audit-entry.ts';
import { type BaseRead, baseRead } from './base-read.ts';
import type { LogCoverage } from './log-coverage.ts';
import type { LogLine } from './log-line.ts';
import type { LogSessions } from './log-sessions.ts';
import { isSchemaChange } from './schema-change.ts';
import { readsOfStatement } from './statement-reads.ts';

/** Which statements count. */
export interface ReadScope {
  readonly database: string;
  /** The tables that have people, with or without their schema. */
  readonly tables: ReadonlySet<string>;
  /** The roles of the services. */
  readonly readers: ReadonlySet<string>;
  /** Roles of ours that read without naming people: of an indexer, a replica, an extraction, the import. */
  readonly bulk: ReadonlySet<string>;
  readonly period: Partial<Period>;
}

export interface BaseReadsOptions {
  readonly scope: ReadScope;
  readonly sessions: LogSessions;
  readonly coverage: LogCoverage;
  readonly cpfHash: CpfHash;
  /** Called for each statement of a role that is not compared. */
  readonly onBulk: (role: string) => void;
}

const PGAUDIT = /\bpgaudit\b/i;
/** Statements of other classes that may answer rows of the table: with RETURNING. */
const CHANGES = new Set(['UPDATE', 'DELETE', 'MERGE']);

/**
 * What each statement of the log read of each person, in the order of the log.
 *
 * @throws LogError for a line that does not say what was read
 */
export async function* baseReads(lines: AsyncIterable<LogLine>, options: BaseReadsOptions): AsyncGenerator<BaseRead> {
  const { scope, sessions, coverage, cpfHash, onBulk } = options;
  const isOfPeople = relationFilter(scope.tables);
  const names = new RegExp(`\\b(?:${[...scope.tables].map(lastName).map(RegExp.escape).join('|')})\\b`, 'i');
  const namesPeople = (text: string): boolean => names.test(text);
  for await (const line of lines) {
    coverage.take(line);
    const entry = auditEntryOf(line);
    if (!entry || !isWithin(line.instant, scope.period)) continue;
    // In any database: a setting may be of a role or of the server.
    if (PGAUDIT.test(entry.text) || PGAUDIT.test(entry.parameters)) {
      if (sessions.isNewStatement(line, entry)) yield baseRead(line, entry, 'REGISTRO_ALTERADO', null);
      continue;
    }
    if (line.database !== scope.database) continue;
    coverage.takeAudited(line.role);
    const isBulk = scope.bulk.has(line.role);
    if (entry.statementClass === 'DDL' && !isBulk) requireWhole(entry, line.place);
    if (isSchemaChange(entry, namesPeople)) {
      if (!sessions.isNewStatement(line, entry)) continue;
      if (isBulk) onBulk(line.role);
      else yield baseRead(line, entry, 'ESQUEMA_ALTERADO', null);
      continue;
    }
    if (!isRead(entry)) continue;
    const isUnclear = entry.relation === '' && entry.command === 'SELECT' && namesPeople(entry.text);
    if (isUnclear) coverage.takeUnclear(line);
    if (!(isUnclear || isOfPeople(entry.relation))) continue;
    const isService = scope.readers.has(line.role);
    // Before the statement counts as taken: a count of a view that has the name of a table has an entry for each.
    if (isService && isCountOfAll(entry)) continue;
    if (!sessions.isNewStatement(line, entry)) continue;
    if (isBulk) onBulk(line.role);
    else yield* readsOfStatement(line, entry, isService, cpfHash);
  }
}

const isRead = ({ statementClass, command }: AuditEntry): boolean => statementClass === 'READ' || CHANGES.has(command);

/** By it services compare a base with its replica. */
const isCountOfAll = ({ text, relation, parameters }: AuditEntry): boolean =>
  parameters === '<none>' && isRowCountOf(text, relation);

const isWithin = (instant: Date, { from, until }: Partial<Period>): boolean =>
  (!from || instant >= from) && (!until || instant < until);

const lastName = (relation: string): string => relation.slice(relation.lastIndexOf('.') + 1);

/** @param relation as pgaudit writes it, quoted where its name needs quotes */
const relationFilter =
  (tables: ReadonlySet<string>) =>
  (relation: string): boolean => {
    const name = relation.replaceAll('"', '');
    return tables.has(name) || tables.has(lastName(name));
  };
