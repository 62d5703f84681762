import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { inTransaction } from '@pessoa/postgres/in-transaction';
import type { Pool } from 'pg';
import type { Acesso } from './audit-log.ts';
import { NOBODY } from './person-marks.ts';
import { INSERT_RECORDS, insertValues } from './record-insert.ts';
import { decisionFields, SEAL_OPERATION, type SealDecision } from './seal-decision.ts';

const INSERT_DECISION = `
  INSERT INTO transparency.seal_decision (acesso_id, client_id, reference, decided_at, ends_at)
  VALUES ($1::uuid, $2, $3, $4::timestamptz, $5::timestamptz)`;

/**
 * Stores a decision on a seal together with its record: neither is there without the other. The record has the very instant of the decision,
 * and is about nobody.
 *
 * @param pool of the owner of the audit
 * @param by who decides, and for what purpose
 */
export async function storeDecision(
  pool: Pool,
  decision: SealDecision,
  { clientId, sujeito, finalidade }: Pick<Acesso, 'clientId' | 'sujeito' | 'finalidade'>,
): Promise<void> {
  const record: Acesso = {
    id: randomUUIDv7(),
    ...NOBODY,
    clientId,
    sujeito,
    campos: decisionFields(decision),
    finalidade,
    consentimento: undefined,
    ordemJudicial: undefined,
    peloTitular: false,
    resultado: 'ATENDIDO',
    dataHora: decision.decidedAt,
    interacao: randomUUID(),
    operacao: SEAL_OPERATION,
    servico: 'auditoria',
  };
  const { clientId: sealed, referencia, decidedAt, endsAt } = decision;
  const client = await pool.connect();
  try {
    await inTransaction(client, async () => {
      await client.query(INSERT_RECORDS, insertValues([record]));
      const values = [record.id, sealed, referencia, decidedAt.toISOString(), endsAt.toISOString()];
      await client.query(INSERT_DECISION, values);
    });
  } finally {
    client.release();
  }
}
