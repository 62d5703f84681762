import type { Finalidade } from '@pessoa/domain/finalidade';
import type { Sigilo } from '@pessoa/service/identity/seal';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import { observePool } from '@pessoa/service/metrics/pool-metrics';
import { StatementNames } from '@pessoa/postgres/statement-names';
import type { Pool } from 'pg';
import { auditFaults } from './audit-faults.ts';
import { type AuditAccess, openAuditWriters } from './audit-pool.ts';
import { lostReadsCounter, measuredAuditLog } from './audit-metrics.ts';
import { isFaultOfRow } from './fault-of-row.ts';
import { groupCommit } from './group-commit.ts';
import type { PersonMarks } from './person-marks.ts';
import { INSERT_RECORDS, insertValues } from './record-insert.ts';
import { keepUnansweredReads } from './unanswered-reads.ts';

/**
 * The outcome of a read. ATENDIDO: every requested field was answered. PARCIAL: some were. NEGADO: none, because the token
 * does not give access to any of them. FALHA: none, because a source failed.
 */
export type Resultado = 'ATENDIDO' | 'PARCIAL' | 'NEGADO' | 'FALHA';

/** A record of the audit: one answer read one person; or an erasure or a decision on a seal, which are about nobody. */
export interface Acesso extends PersonMarks {
  /** A UUID, of version 7 where it is made for one answer: neighbours in time are neighbours in the indexes. Writing the same id again changes nothing. */
  readonly id: string;
  readonly clientId: string;
  readonly sujeito: string;
  /** The fields of `Pessoa` that were answered, such as `nome` or `eventos.ultimaConsulta`. Of an erasure: the class and the first day that is kept. Of a decision on a seal: `decisionFields`. */
  readonly campos: readonly string[];
  readonly finalidade: Finalidade;
  readonly consentimento: string | undefined;
  readonly ordemJudicial: string | undefined;
  /** Undefined: not sealed. */
  readonly sigilo?: Sigilo | undefined;
  readonly peloTitular: boolean;
  readonly resultado: Resultado;
  readonly dataHora: Date;
  readonly interacao: string;
  readonly operacao: string;
  /** The process that answered: `router`, `debt`, `score` or `event`; `extracao` for an extraction, `auditoria` for an auditor's question, an erasure or a decision on a seal. */
  readonly servico: string;
}

export interface AuditLog {
  /**
   * Stores the rows of one answer, all or none, and resolves once they are committed.
   * @throws when the rows may not be stored; then the answer must not leave
   */
  record(acessos: readonly Acesso[]): Promise<void>;
  /** The reasons why the role cannot store rows durably; empty when it can. @throws when the database does not answer */
  faults(): Promise<string[]>;
  close(): Promise<void>;
}

/** As many rows as a statement writes at once: ten answers about a hundred people each. */
const ROWS_MAX = 1_000;

export interface AuditLogOptions {
  /** Called once, when a connection pooler has lost a prepared statement. */
  readonly onNamesLost?: () => void;
  /** The most time that an answer waits for its statement to begin, in milliseconds. Default: 5,000. */
  readonly waitMillis?: number;
}

/** Two: while one statement hangs, the other goes on. */
const WRITES_MAX = 2;

/** Many times what a commit takes, and short beside the time that an answer may wait. */
const SLOW_WRITE_MILLIS = 25;

/** Short beside the time of a request, and of several commits. */
const PACE_MILLIS = 3;

/**
 * The audit in PostgreSQL. Answers that end together are written by one statement and one commit.
 * @param pool of a role that may insert into `acesso` and nothing else; `close` ends it
 */
export function postgresAuditLog(pool: Pool, { onNamesLost, waitMillis = 5_000 }: AuditLogOptions = {}): AuditLog {
  const names = new StatementNames(onNamesLost);
  const record = groupCommit<Acesso>({
    async write(acessos) {
      await names.rows(pool, INSERT_RECORDS, insertValues(acessos));
    },
    isFaultOfItem: isFaultOfRow,
    writesMax: WRITES_MAX,
    slowMillis: SLOW_WRITE_MILLIS,
    paceMillis: PACE_MILLIS,
    itemsMax: ROWS_MAX,
    waitMillis,
  });
  return {
    record: async (acessos) => {
      if (acessos.length > 0) await record(acessos);
    },
    faults: () => auditFaults(pool),
    close: () => pool.end(),
  };
}

/**
 * The audit of a service, with as many connections as it writes statements at a time. It also has the reads whose answers did not leave
 * because it could not be written.
 */
export function openAuditLog(audit: AuditAccess, onNamesLost: () => void, metrics: Metrics): AuditLog {
  const log = keepUnansweredReads(openLog(audit, onNamesLost, metrics), { onLost: lostReadsCounter(metrics) });
  return measuredAuditLog(log, metrics);
}

/** The audit of a command, which ends when it cannot write: it has shown nothing of what it read then. */
export function openAuditLogOfCommand(audit: AuditAccess, metrics: Metrics): AuditLog {
  return measuredAuditLog(
    openLog(audit, () => {}, metrics),
    metrics,
  );
}

function openLog(audit: AuditAccess, onNamesLost: () => void, metrics: Metrics): AuditLog {
  const pool = openAuditWriters(audit, WRITES_MAX);
  observePool(metrics, 'audit', pool);
  return postgresAuditLog(pool, { onNamesLost, waitMillis: audit.timeoutMillis });
}
