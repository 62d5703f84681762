import type { ClientBase, Pool } from 'pg';

/**
 * Whether the connection ends at a pooler of connections (PgBouncer and the like): that makes up the process which it names
 * at the start, or names another than the one that answers.
 */
export async function isThroughPooler(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid');
  return rows[0]!.pid !== processOf(client);
}

/** The process that the other end named at the start. */
export const processOf = (client: ClientBase): number => (client as unknown as { processID: number }).processID;

/**
 * What to say of a connection through a pooler where locks and settings of a session are needed: a pooler may give each
 * transaction another session, and leaves what was set to others.
 *
 * @param setting the variable that names it
 */
export const throughPooler = (setting: string): string =>
  `${setting} leads to a pooler of connections, where a lock is lost when its transaction ends: name PostgreSQL itself in ${setting}`;

/** The same of what a pool connects to; empty for a server. */
export async function poolerFaults(pool: Pool, setting: string): Promise<string[]> {
  const client = await pool.connect();
  try {
    return (await isThroughPooler(client)) ? [throughPooler(setting)] : [];
  } finally {
    client.release();
  }
}
