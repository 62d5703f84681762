import type { Pool } from 'pg';

/**
 * Runs `work` while no other process builds an index of this name from the same Base C. The lock is Base C's, held by a
 * connection and gone with it, so a process that was killed leaves none behind.
 *
 * @throws Error when another one is building
 */
export async function whileBuildingAlone<T>(baseC: Pool, alias: string, work: () => Promise<T>): Promise<T> {
  const client = await baseC.connect();
  let lost: Error | undefined;
  try {
    const { rows } = await client.query<{ ours: boolean }>(
      "SELECT pg_try_advisory_lock(hashtextextended('pessoa index ' || $1, 0)) AS ours",
      [alias],
    );
    if (!rows[0]!.ours) throw new AlreadyBuilding(`an index for ${alias} is being built by another process`);
    return await work();
  } catch (error) {
    lost = error as Error;
    throw error;
  } finally {
    client.release(lost ?? true); // ends the connection, and with it the lock
  }
}

export class AlreadyBuilding extends Error {}
