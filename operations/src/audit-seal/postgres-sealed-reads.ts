import { isUnderSeal } from '@pessoa/audit/seal-conditions';
import type { SealDecision } from '@pessoa/audit/seal-decision';
import type { Pool } from 'pg';

const UNDER_SEAL = `
  SELECT count(*)::int AS count FROM public.acesso a
  WHERE a.client_id = $1 AND a.sigilo_referencia = $2 AND a.data_hora <= $3::timestamptz AND ${isUnderSeal('$3::timestamptz')}`;

/**
 * The reads of a client under a reference that are under seal at an instant: those that a decision of that instant is about.
 *
 * @param pool of the owner of the audit
 */
export async function countSealed(
  pool: Pool,
  { clientId, referencia, decidedAt }: Omit<SealDecision, 'endsAt'>,
): Promise<number> {
  const values = [clientId, referencia, decidedAt.toISOString()];
  return (await pool.query<{ count: number }>(UNDER_SEAL, values)).rows[0]!.count;
}
