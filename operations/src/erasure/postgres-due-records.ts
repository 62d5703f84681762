import { type PastTerm, PUBLISHING_MILLIS } from '@pessoa/audit/retention';
import type { Pool, PoolClient } from 'pg';

// A record without a place stays: its leaf is what proves later that it was there. Where the log is younger than the day, there is no
// checkpoint of that time.
const DUE = `
  FROM public.acesso a JOIN transparency.leaf l ON l.acesso_id = a.id
  WHERE a.data_hora < ($1 || 'T00:00:00Z')::timestamptz AND transparency.retention_class(a) = $2
    AND l.place < coalesce((
      SELECT size FROM transparency.checkpoint
      WHERE published_at < ($1 || 'T00:00:00Z')::timestamptz + interval '${PUBLISHING_MILLIS} milliseconds'
      ORDER BY published_at DESC LIMIT 1), l.place + 1)`;

/** Whether there are any. @param pool of the owner of the audit */
export async function areDue(pool: Pool, { before, retentionClass }: PastTerm): Promise<boolean> {
  const { rows } = await pool.query<{ are: boolean }>(`SELECT EXISTS (SELECT ${DUE}) AS are`, [before, retentionClass]);
  return rows[0]!.are;
}

export async function countDue(pool: Pool, { before, retentionClass }: PastTerm): Promise<number> {
  const { rows } = await pool.query<{ due: number }>(`SELECT count(*)::int AS due ${DUE}`, [before, retentionClass]);
  return rows[0]!.due;
}

/** Few enough that the auditor, which adds leaves, never waits long. */
const BATCH_RECORDS = 1_000;

const ERASE_NONCES = `
  WITH due AS (SELECT l.place ${DUE} ORDER BY a.data_hora LIMIT ${BATCH_RECORDS})
  UPDATE transparency.leaf l SET nonce = NULL, erased_by = $3::uuid FROM due WHERE l.place = due.place
  RETURNING l.acesso_id`;

const ERASE_RECORDS = 'DELETE FROM public.acesso WHERE id = ANY ($1::uuid[])';

/**
 * Erases the content and the nonces of the records, in batches of 1,000. Each batch is whole or not at all, and a run that was
 * ended is continued by the next.
 *
 * @param erasure the id of the record of this erasure
 * @returns how many were erased
 */
export async function eraseDue(pool: Pool, due: PastTerm, erasure: string): Promise<number> {
  const client = await pool.connect();
  try {
    let erased = 0;
    for (;;) {
      const count = await eraseBatch(client, due, erasure);
      erased += count;
      if (count < BATCH_RECORDS) return erased;
    }
  } finally {
    client.release();
  }
}

async function eraseBatch(client: PoolClient, { before, retentionClass }: PastTerm, erasure: string): Promise<number> {
  await client.query('BEGIN');
  try {
    const { rows } = await client.query<{ acesso_id: string }>(ERASE_NONCES, [before, retentionClass, erasure]);
    await client.query(ERASE_RECORDS, [rows.map(({ acesso_id }) => acesso_id)]);
    await client.query('COMMIT');
    return rows.length;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {}); // the connection may be what failed
    throw error;
  }
}
