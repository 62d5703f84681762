import { createHash } from 'node:crypto';
import type { Finalidade } from '@pessoa/domain/finalidade';
import type { Pool } from 'pg';
import { auditFaults } from './audit-faults.ts';

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
  /** What keeps the role from writing down for good; empty when nothing does. @throws what the audit cannot be asked for */
  faults(): Promise<string[]>;
  close(): Promise<void>;
}

// No conflict target: naming one would need the right to select, which the writer does not have.
const INSERT = `
  INSERT INTO public.acesso (id, cpf_hash, client_id, sujeito, campos, finalidade, consentimento, ordem_judicial, pelo_titular,
                      resultado, data_hora, interacao, operacao, servico)
  SELECT a.id, a.cpf_hash, $3, $4, string_to_array(a.campos, ' '), $5, nullif(a.consentimento, ''), $6, a.pelo_titular,
         a.resultado, $7, $8, $9, $10
  FROM unnest($1::uuid[], $2::text[], $11::text[], $12::text[], $13::boolean[], $14::text[])
       AS a (id, cpf_hash, campos, consentimento, pelo_titular, resultado)
  ON CONFLICT DO NOTHING`;

// A pooler of connections may hand ours from one server connection to another, where the name is unknown, or known from
// somebody else: of another text it must be another name.
const NAME = `acesso_${createHash('sha256').update(INSERT).digest('hex').slice(0, 16)}`;
const NAME_UNKNOWN = '26000';
const NAME_TAKEN = '42P05';

/**
 * The audit in PostgreSQL, one statement an answer.
 * @param pool of a role that may insert into `acesso` and nothing else; it is ended with the log
 */
export function postgresAuditLog(pool: Pool): AuditLog {
  let isNamed = true;

  async function insert(values: unknown[]): Promise<void> {
    const wasNamed = isNamed; // others may be refused while this one is under way
    try {
      await pool.query(wasNamed ? { name: NAME, text: INSERT, values } : { text: INSERT, values });
    } catch (error) {
      const { code } = error as { code?: string };
      if (!wasNamed || (code !== NAME_UNKNOWN && code !== NAME_TAKEN)) throw error;
      isNamed = false; // nothing was run
      await pool.query({ text: INSERT, values });
    }
  }

  return {
    async record(acessos) {
      const [first] = acessos;
      if (!first) return;
      await insert([
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
        // Where `array_nulls` is off, a null in a list would be the text NULL.
        acessos.map(({ consentimento }) => consentimento ?? ''),
        acessos.map(({ peloTitular }) => peloTitular),
        acessos.map(({ resultado }) => resultado),
      ]);
    },
    faults: () => auditFaults(pool),
    close: () => pool.end(),
  };
}
