import { createHash } from 'node:crypto';
import { camposOf, instantOf, type RecordRow } from '@pessoa/audit/record-row';
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

/** @param nonce of the entry */
export const toRecord = (row: RecordRow, nonce: Uint8Array): AuditRecord => ({
  versao: VERSION,
  id: row.id,
  pessoa: row.cpf_hash,
  clientId: row.client_id,
  sujeito: createHash('sha256').update(nonce).update(row.sujeito).digest('base64'),
  campos: camposOf(row),
  finalidade: row.finalidade,
  consentimento: row.consentimento,
  ordemJudicial: row.ordem_judicial,
  peloTitular: row.pelo_titular,
  resultado: row.resultado,
  dataHora: instantOf(row.segundos).toISOString(),
  interacao: row.interacao,
  operacao: row.operacao,
  servico: row.servico,
});

/** The bytes of a record that its entry is made from (RFC 8785). */
export const canonicalOf = (record: AuditRecord): Uint8Array => canonicalRecord({ ...record });
