import type { ClientBase } from 'pg';

/** Runs work in a transaction of this connection: all of it or nothing. @throws what the work throws */
export async function inTransaction<T>(db: ClientBase, work: () => Promise<T>): Promise<T> {
  await db.query('BEGIN');
  try {
    const result = await work();
    await db.query('COMMIT');
    return result;
  } catch (error) {
    await db.query('ROLLBACK').catch(() => {}); // the connection may be what failed
    throw error;
  }
}
