import type { AuditEntry } from './audit-entry.ts';
import type { LogLine } from './log-line.ts';

/**
 * Why a read is none of the API.
 *
 * - SEM_REGISTRO: a service's role bound this person, and the audit has no record of them around that instant
 * - CPF_NO_TEXTO: a service's role had the CPF in the text of the statement, as no service has
 * - SEM_CPF: a service's role read without naming a person, as no service does
 * - OUTRO_PAPEL: a role that is nobody's of ours read people
 * - ESQUEMA_ALTERADO: a table of people may have got another name, or a view: what is read by it is not seen
 * - REGISTRO_ALTERADO: the statement names a setting of pgaudit, which may have switched it off
 */
export type Achado = 'SEM_REGISTRO' | 'CPF_NO_TEXTO' | 'SEM_CPF' | 'OUTRO_PAPEL' | 'ESQUEMA_ALTERADO' | 'REGISTRO_ALTERADO'; // prettier-ignore

/** What one statement read of one person, or without naming anybody. It has no CPF and nothing of the text of the statement. */
export interface BaseRead {
  readonly dataHora: Date;
  readonly papel: string;
  /** SEM_REGISTRO until the audit was asked. A record changes nothing about the others. */
  readonly achado: Achado;
  /** The keyed hash. Null where the statement names nobody. */
  readonly pessoa: string | null;
  readonly comando: string;
  readonly tabela: string;
  /** The session and the line of it: with them the owner of the base finds the statement. */
  readonly sessao: string;
}

/** What a read is told by, of a line and its entry. */
export const baseRead = (
  { instant, role, session, sessionLine }: LogLine,
  { command, relation }: AuditEntry,
  achado: Achado,
  pessoa: string | null,
): BaseRead => ({
  dataHora: instant,
  papel: role,
  achado,
  pessoa,
  comando: command,
  tabela: relation,
  sessao: `${session}:${sessionLine}`,
});
