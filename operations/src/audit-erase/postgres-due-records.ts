import { setTimeout as sleep } from 'node:timers/promises';
import { idsBefore } from '@pessoa/audit/id-range';
import { LATE_MILLIS } from '@pessoa/audit/late-records';
import type { PastTerm } from '@pessoa/audit/retention';
import { inTransaction } from '@pessoa/postgres/in-transaction';
import type { Pool, PoolClient } from 'pg';

// A record without a place stays: its leaf is what proves later that it was there. So does what no checkpoint of that day had.
const DUE = `
  FROM public.acesso a JOIN transparency.leaf l ON l.acesso_id = a.id
  WHERE a.data_hora < ($1 || 'T00:00:00Z')::timestamptz AND ${idsBefore("($1 || 'T00:00:00Z')::timestamptz")}
    AND transparency.retention_class(a) = $2
    AND l.place < (
      SELECT size FROM transparency.checkpoint
      WHERE published_at < ($1 || 'T00:00:00Z')::timestamptz + interval '${LATE_MILLIS} milliseconds'
      ORDER BY published_at DESC LIMIT 1)`;

/** Whether there are any. @param pool of the owner of the audit */
export async function areDue(pool: Pool, { before, retentionClass }: PastTerm): Promise<boolean> {
  const { rows } = await pool.query<{ are: boolean }>(`SELECT EXISTS (SELECT ${DUE}) AS are`, [before, retentionClass]);
  return rows[0]!.are;
}

export async function countDue(pool: Pool, { before, retentionClass }: PastTerm): Promise<number> {
  const { rows } = await pool.query<{ due: number }>(`SELECT count(*)::int AS due ${DUE}`, [before, retentionClass]);
  return rows[0]!.due;
}

const POLL_MILLIS = 250;

/**
 * Waits until the record of the erasure has its place in the log: what it erases must not be gone before.
 *
 * @throws Error after so many milliseconds
 */
export async function waitForPlace(pool: Pool, erasure: string, waitMillis: number): Promise<void> {
  const until = performance.now() + waitMillis;
  const placed = 'SELECT EXISTS (SELECT FROM transparency.leaf WHERE acesso_id = $1::uuid) AS "isPlaced"';
  while (!(await pool.query<{ isPlaced: boolean }>(placed, [erasure])).rows[0]!.isPlaced) {
    if (performance.now() > until) throw new Error('the auditor gives its record no place');
    await sleep(POLL_MILLIS);
  }
}

/** Few enough that the auditor, which adds leaves, never waits long. */
const BATCH_RECORDS = 1_000;

// A batch begins where the one before ended: records of other classes, which stay, are passed over once.
const ERASE_NONCES = `
  WITH due AS (
    SELECT l.place, a.data_hora ${DUE} AND a.data_hora >= $4::timestamptz ORDER BY a.data_hora LIMIT ${BATCH_RECORDS})
  UPDATE transparency.leaf l SET nonce = NULL, erased_by = $3::uuid FROM due WHERE l.place = due.place
  RETURNING l.acesso_id, to_char(due.data_hora AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS instant`;

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
    let from = '-infinity';
    for (;;) {
      const instants = await eraseBatch(client, due, erasure, from);
      erased += instants.length;
      if (instants.length < BATCH_RECORDS) return erased;
      from = instants.reduce((last, instant) => (instant > last ? instant : last));
    }
  } finally {
    client.release();
  }
}

/** @returns the instants of the records that were erased */
async function eraseBatch(
  client: PoolClient,
  { before, retentionClass }: PastTerm,
  erasure: string,
  from: string,
): Promise<string[]> {
  return inTransaction(client, async () => {
    const values = [before, retentionClass, erasure, from];
    const { rows } = await client.query<{ acesso_id: string; instant: string }>(ERASE_NONCES, values);
    await client.query(ERASE_RECORDS, [rows.map(({ acesso_id }) => acesso_id)]);
    return rows.map(({ instant }) => instant);
  });
}
