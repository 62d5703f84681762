import type { Pool } from 'pg';

/** Holds a table in a session of its own, so that no read of it ends; resolves to what lets go. */
export async function lockTable(owner: Pool, table: string): Promise<() => Promise<void>> {
  const session = await owner.connect();
  await session.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  return async () => {
    await session.query('ROLLBACK');
    session.release();
  };
}
