import type { PersonMarks } from '@pessoa/audit/person-marks';
import type { Row } from './formats.ts';
import type { Period } from './period.ts';

/** The conditions of a question about records; all of them hold. */
export interface RecordFilter {
  readonly cpfHash: string | undefined;
  readonly clientId: string | undefined;
  readonly finalidade: string | undefined;
  readonly period: Period;
}

/** The conditions of a question about people. */
export type IncidentFilter = Pick<RecordFilter, 'clientId' | 'period'>;

/** Rows that are read together, and the people whom they are about. */
export interface Page {
  readonly rows: readonly Row[];
  readonly people: readonly PersonMarks[];
}

/** Reads the audit for an auditor, a page at a time. */
export interface AuditPages {
  /** Whether the role may read the place of a record in the log. */
  mayReadPlaces(): Promise<boolean>;
  /** The records, the oldest first, with the values of `recordColumns`. */
  records(filter: RecordFilter, withPlaces: boolean): AsyncIterable<Page>;
  /**
   * The people about whom something was answered, each once, with the values of `peopleColumns`. An auditor's questions are left out unless
   * a client is asked for.
   */
  people(filter: IncidentFilter): AsyncIterable<Page>;
  close(): Promise<void>;
}

const RECORD_COLUMNS = [
  'dataHora', 'clientId', 'sujeito', 'finalidade', 'campos', 'consentimento', 'ordemJudicial', 'sigiloReferencia', 'sigiloAte', 'fimDoSigilo', 'peloTitular', 'resultado',
  'interacao', 'operacao', 'servico', 'pessoa',
]; // prettier-ignore

/** The columns of a record, by the names of its proof (docs/audit.md). `fimDoSigilo` is the end of the seal as decisions have it. */
export const recordColumns = (withPlaces: boolean): readonly string[] =>
  withPlaces ? [...RECORD_COLUMNS, 'indice'] : RECORD_COLUMNS;

export const peopleColumns: readonly string[] = [
  'pessoa',
  'acessos',
  'primeiro',
  'ultimo',
  'campos',
  'clientes',
  'emSigilo',
];
