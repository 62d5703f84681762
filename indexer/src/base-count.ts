import type { Pool } from 'pg';
import type { Totals } from './index-totals.ts';

/** The time limit of one count. */
const COUNT_MILLIS = 30_000;

/**
 * Counts the postings of Base C in one statement.
 *
 * @param statement selects `postings`, and optionally `versionSum`
 * @throws the reason of `signal`; errors of Base C, also when the count takes over 30 s
 */
export async function countRows(
  pool: Pool,
  statement: string,
  values: unknown[],
  signal: AbortSignal,
): Promise<Totals> {
  const client = await pool.connect();
  let isAborted = false;
  const abort = (): void => {
    isAborted = true;
    client.release(true);
  };
  try {
    signal.throwIfAborted();
    signal.addEventListener('abort', abort, { once: true });
    await client.query('BEGIN');
    await client.query(`SET LOCAL statement_timeout = ${COUNT_MILLIS}`);
    const { rows } = await client.query<{ postings: string; versionSum?: string }>(statement, values);
    await client.query('COMMIT');
    const { postings, versionSum } = rows[0]!;
    return { postings: Number(postings), versionSum: versionSum === undefined ? undefined : Number(versionSum) };
  } catch (error) {
    if (!isAborted) await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
    if (!isAborted) client.release();
  }
}
