import type { Clock } from '@pessoa/domain/data';
import { readEpoch } from '@pessoa/postgres/sql-values';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import type { Pool } from 'pg';
import { Gauge } from 'prom-client';
import { named } from '../named-statement.ts';

// A pending record whose row is gone is a fault of its own, and would be the oldest for ever.
const OLDEST = `
  SELECT extract(epoch FROM a.data_hora)::text AS segundos
  FROM transparency.pending p CROSS JOIN LATERAL (SELECT r.data_hora FROM public.acesso r WHERE r.id = p.acesso_id LIMIT 1) a
  ORDER BY p.position LIMIT 1`;

/**
 * Measures at each scrape how long the record that is next has waited for its place, whichever process leads and whether or not one
 * does: in seconds, 0 when none waits, NaN when the database does not answer.
 *
 * @param db connections of the auditor's role, beside the session of the leader
 */
export function observePending(metrics: Metrics, db: Pool, clock: Clock): void {
  new Gauge({
    name: 'pessoa_auditor_pending_age_seconds',
    help: 'Age of the record that has waited longest for its place in the tree; 0 when none waits.',
    registers: [metrics],
    async collect() {
      this.set(await pendingAge(db, clock).catch(() => Number.NaN));
    },
  });
}

async function pendingAge(db: Pool, clock: Clock): Promise<number> {
  const { rows } = await db.query<{ segundos: string }>(named(OLDEST));
  const [oldest] = rows;
  return oldest ? Math.max(0, (clock.now().getTime() - readEpoch(oldest.segundos).getTime()) / 1_000) : 0;
}
