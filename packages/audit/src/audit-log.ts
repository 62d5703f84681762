import type { Finalidade } from '@pessoa/domain/finalidade';
import { StatementNames } from '@pessoa/postgres/statement-names';
import type { Pool } from 'pg';
import { auditFaults } from './audit-faults.ts';

/**
 * The outcome of a read. ATENDIDO: every requested field was answered. PARCIAL: some were. NEGADO: none, because the token
 * does not give access. FALHA: none, because a source failed.
 */
export type Resultado = 'ATENDIDO' | 'PARCIAL' | 'NEGADO' | 'FALHA';

/** A row of the audit: one answer read one person. */
export interface Acesso {
  /** A UUID. Writing the same id again changes nothing. */
  readonly id: string;
  readonly cpfHash: string;
  readonly clientId: string;
  readonly sujeito: string;
  /** The fields of `Pessoa` that were answered, such as `nome` or `eventos.ultimaConsulta`. */
  readonly campos: readonly string[];
  readonly finalidade: Finalidade;
  readonly consentimento: string | undefined;
  readonly ordemJudicial: string | undefined;
  readonly peloTitular: boolean;
  readonly resultado: Resultado;
  readonly dataHora: Date;
  readonly interacao: string;
  readonly operacao: string;
  /** The process that answered: `router`, `debt`, `score` or `event`. */
  readonly servico: string;
}

export interface AuditLog {
  /**
   * Stores the rows of one answer and resolves once they are committed. Who asked, why, when and with which operation is
   * taken from the first row for all of them.
   * @throws when the rows may not be stored; then the answer must not leave
   */
  record(acessos: readonly Acesso[]): Promise<void>;
  /** The reasons why the role cannot store rows durably; empty when it can. @throws when the database does not answer */
  faults(): Promise<string[]>;
  close(): Promise<void>;
}

// Without a conflict target: a target needs the right to select, which the writer does not have.
const INSERT = `
  INSERT INTO public.acesso (id, cpf_hash, client_id, sujeito, campos, finalidade, consentimento, ordem_judicial, pelo_titular,
                      resultado, data_hora, interacao, operacao, servico)
  SELECT a.id, a.cpf_hash, $3, $4, string_to_array(a.campos, ' '), $5, nullif(a.consentimento, ''), $6, a.pelo_titular,
         a.resultado, $7, $8, $9, $10
  FROM unnest($1::uuid[], $2::text[], $11::text[], $12::text[], $13::boolean[], $14::text[])
       AS a (id, cpf_hash, campos, consentimento, pelo_titular, resultado)
  ON CONFLICT DO NOTHING`;

/**
 * The audit in PostgreSQL. It runs one statement for each answer.
 * @param pool of a role that may insert into `acesso` and nothing else; `close` ends it
 * @param onNamesLost called once, when a connection pooler has lost a prepared statement
 */
export function postgresAuditLog(pool: Pool, onNamesLost?: () => void): AuditLog {
  const names = new StatementNames(onNamesLost);
  return {
    async record(acessos) {
      const [first] = acessos;
      if (!first) return;
      await names.rows(pool, INSERT, [
        acessos.map(({ id }) => id),
        acessos.map(({ cpfHash }) => cpfHash),
        first.clientId,
        first.sujeito,
        first.finalidade,
        first.ordemJudicial ?? null,
        first.dataHora.toISOString(),
        first.interacao,
        first.operacao,
        first.servico,
        acessos.map(({ campos }) => campos.join(' ')),
        // With `array_nulls` off, PostgreSQL would read a null in a list as the text NULL.
        acessos.map(({ consentimento }) => consentimento ?? ''),
        acessos.map(({ peloTitular }) => peloTitular),
        acessos.map(({ resultado }) => resultado),
      ]);
    },
    faults: () => auditFaults(pool),
    close: () => pool.end(),
  };
}
