import type { ClientBase, Pool } from 'pg';

/**
 * Reads the database as it is at one instant. A proof takes several statements, and between two of them the leader may publish
 * checkpoints and delete the nodes that only older ones need.
 */
export async function inSnapshot<T>(db: Pool, read: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = await db.connect();
  let isEnded = false;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const value = await read(client);
    await client.query('COMMIT');
    isEnded = true;
    return value;
  } finally {
    client.release(!isEnded);
  }
}
