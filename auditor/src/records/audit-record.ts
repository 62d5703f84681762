import { createHash } from 'node:crypto';
import { canonicalRecord } from '@pessoa/transparency-log/records/canonical-record';

/** The form of a record. A later form has another number; entries of an earlier form stay as they are. */
const VERSION = 1;

/**
 * A record of the audit as its entry commits to it and as a proof shows it (docs/audit.md). `pessoa` is a keyed hash. `sujeito` is
 * SHA-256(nonce, `sub` of the token) in base64: the caller knows its subject, and nobody else needs to learn it.
 */
export interface AuditRecord {
  readonly versao: typeof VERSION;
  readonly id: string;
  readonly pessoa: string;
  readonly clientId: string;
  readonly sujeito: string;
  readonly campos: readonly string[];
  readonly finalidade: string;
  readonly consentimento: string | null;
  readonly ordemJudicial: string | null;
  readonly peloTitular: boolean;
  readonly resultado: string;
  /** ISO 8601 in UTC, with milliseconds. */
  readonly dataHora: string;
  readonly interacao: string;
  readonly operacao: string;
  readonly servico: string;
}

/** The columns of `public.acesso a` that `toRecord` reads. As text, an instant would depend on the settings of the session. */
export const RECORD_COLUMNS = `a.id, a.cpf_hash, a.client_id, a.sujeito, array_to_json(a.campos)::text AS campos,
  a.finalidade, a.consentimento, a.ordem_judicial, a.pelo_titular, a.resultado,
  extract(epoch FROM a.data_hora)::text AS segundos, a.interacao, a.operacao, a.servico`;

/** A row of `RECORD_COLUMNS`. */
export interface RecordRow {
  readonly id: string;
  readonly cpf_hash: string;
  readonly client_id: string;
  readonly sujeito: string;
  readonly campos: string;
  readonly finalidade: string;
  readonly consentimento: string | null;
  readonly ordem_judicial: string | null;
  readonly pelo_titular: boolean;
  readonly resultado: string;
  readonly segundos: string;
  readonly interacao: string;
  readonly operacao: string;
  readonly servico: string;
}

/** @param nonce of the entry */
export const toRecord = (row: RecordRow, nonce: Uint8Array): AuditRecord => ({
  versao: VERSION,
  id: row.id,
  pessoa: row.cpf_hash,
  clientId: row.client_id,
  sujeito: createHash('sha256').update(nonce).update(row.sujeito).digest('base64'),
  campos: JSON.parse(row.campos) as string[],
  finalidade: row.finalidade,
  consentimento: row.consentimento,
  ordemJudicial: row.ordem_judicial,
  peloTitular: row.pelo_titular,
  resultado: row.resultado,
  dataHora: new Date(Math.round(Number(row.segundos) * 1_000)).toISOString(),
  interacao: row.interacao,
  operacao: row.operacao,
  servico: row.servico,
});

/** The bytes of a record that its entry is made from (RFC 8785). */
export const canonicalOf = (record: AuditRecord): Uint8Array => canonicalRecord({ ...record });
