import type { ClientBase, Pool } from 'pg';

/**
 * True when the connection goes through a connection pooler (PgBouncer and the like). A pooler invents the process id that it sends
 * at the start, or the query runs in another process.
 */
export async function isThroughPooler(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid');
  return rows[0]!.pid !== processOf(client);
}

/** Process id that the other end sent at the start of the connection. */
export const processOf = (client: ClientBase): number => (client as unknown as { processID: number }).processID;

/**
 * Fault message for a connection that needs session locks or settings and goes through a pooler. A pooler may run each transaction in
 * another session.
 *
 * @param setting name of the variable with the connection string
 */
export const poolerFault = (setting: string): string =>
  `${setting} leads to a connection pooler, where a lock is lost when its transaction ends: name PostgreSQL itself in ${setting}`;

/** @returns the fault when the pool connects through a pooler; otherwise empty */
export async function poolerFaults(pool: Pool, setting: string): Promise<string[]> {
  const client = await pool.connect();
  try {
    return (await isThroughPooler(client)) ? [poolerFault(setting)] : [];
  } finally {
    client.release();
  }
}
