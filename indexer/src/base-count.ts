import type { Pool } from 'pg';
import type { Totals } from './index-totals.ts';

/** A base that takes longer is not counted. */
const COUNT_MILLIS = 30_000;

/**
 * Counts postings in one statement, which has a limit of its own and ends with `signal`.
 *
 * @param text selects `postings`, and `versoes` where versions are summed
 */
export async function countRows(pool: Pool, text: string, values: unknown[], signal: AbortSignal): Promise<Totals> {
  const client = await pool.connect();
  let isGivenUp = false;
  const giveUp = (): void => {
    isGivenUp = true;
    client.release(true);
  };
  try {
    signal.throwIfAborted();
    signal.addEventListener('abort', giveUp, { once: true });
    await client.query('BEGIN');
    await client.query(`SET LOCAL statement_timeout = ${COUNT_MILLIS}`);
    const { rows } = await client.query<{ postings: string; versoes?: string }>(text, values);
    await client.query('COMMIT');
    const { postings, versoes } = rows[0]!;
    return { postings: Number(postings), versoes: versoes === undefined ? undefined : Number(versoes) };
  } catch (error) {
    if (!isGivenUp) await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
    if (!isGivenUp) client.release();
  }
}
