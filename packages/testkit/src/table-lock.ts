import type { Pool } from 'pg';

/** Locks a table in its own session, so that reads of it wait. @returns a function that releases the lock */
export async function lockTable(owner: Pool, table: string): Promise<() => Promise<void>> {
  const session = await owner.connect();
  await session.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  return async () => {
    await session.query('ROLLBACK');
    session.release();
  };
}
