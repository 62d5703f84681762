import { openPool, writingSettings } from '@pessoa/postgres/connection-pool';

/** A month with many records that came before it takes a while. */
const STATEMENT_MILLIS = 600_000;

/**
 * Adds the months of a migrated audit that are missing up to the third one from now. The auditor does the same while it runs.
 *
 * @param url of the owner of the audit
 * @throws Error when somebody reads the audit for longer than a second; nothing has changed then
 */
export async function addMonths(url: string): Promise<void> {
  const pool = openPool({ connectionString: url, max: 1 }, writingSettings(STATEMENT_MILLIS));
  try {
    await pool.query('SELECT transparency.add_months()');
  } finally {
    await pool.end();
  }
}
