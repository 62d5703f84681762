import type { Finalidade } from '@pessoa/domain/finalidade';
import { auditPool, type AuditPoolOptions } from './audit-pool.ts';

/**
 * What came of a read: ATENDIDO all that was asked, PARCIAL some of it, NEGADO nothing because the token does not give
 * access, FALHA nothing because a source failed.
 */
export type Resultado = 'ATENDIDO' | 'PARCIAL' | 'NEGADO' | 'FALHA';

/** One person read in one answer. */
export interface Acesso {
  /** UUID; writing the same one twice leaves one row. */
  readonly id: string;
  readonly cpfHash: string;
  readonly clientId: string;
  readonly sujeito: string;
  /** Fields of Pessoa that were answered, such as `dividas` or `eventos.ultimaConsulta`. */
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
   * Resolves once every row is committed. The people of one answer share who asked, why, when and under which operation.
   * @throws when that did not happen; then the answer must not leave
   */
  record(acessos: readonly Acesso[]): Promise<void>;
  close(): Promise<void>;
}

// No conflict target: naming one would need the right to select, which the writer does not have.
const INSERT = `
  INSERT INTO acesso (id, cpf_hash, client_id, sujeito, campos, finalidade, consentimento, ordem_judicial, pelo_titular,
                      resultado, data_hora, interacao, operacao, servico)
  SELECT a.id, a.cpf_hash, $3, $4, string_to_array(a.campos, ' '), $5, a.consentimento, $6, a.pelo_titular,
         a.resultado, $7, $8, $9, $10
  FROM unnest($1::uuid[], $2::text[], $11::text[], $12::text[], $13::boolean[], $14::text[])
       AS a (id, cpf_hash, campos, consentimento, pelo_titular, resultado)
  ON CONFLICT DO NOTHING`;

/** The audit in PostgreSQL, one statement an answer. @param options.url role that may insert into `acesso` and nothing else */
export function postgresAuditLog(options: AuditPoolOptions): AuditLog {
  const pool = auditPool(options);
  return {
    async record(acessos) {
      const [first] = acessos;
      if (!first) return;
      await pool.query({
        name: 'acesso',
        text: INSERT,
        values: [
          acessos.map(({ id }) => id),
          acessos.map(({ cpfHash }) => cpfHash),
          first.clientId,
          first.sujeito,
          first.finalidade,
          first.ordemJudicial ?? null,
          first.dataHora,
          first.interacao,
          first.operacao,
          first.servico,
          acessos.map(({ campos }) => campos.join(' ')),
          acessos.map(({ consentimento }) => consentimento ?? null),
          acessos.map(({ peloTitular }) => peloTitular),
          acessos.map(({ resultado }) => resultado),
        ],
      });
    },
    close: () => pool.end(),
  };
}
