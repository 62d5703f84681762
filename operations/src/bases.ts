import { applyMigrations } from '@pessoa/databases/migrations';
import { type BaseName, type PerBase, perBase } from '@pessoa/domain/services';
import { openConnections } from './system/connections.ts';

const variables: PerBase<string> = {
  baseA: 'BASE_A_ADMIN_URL',
  baseB: 'BASE_B_ADMIN_URL',
  baseC: 'BASE_C_ADMIN_URL',
};

/**
 * Calls `work` with the owners' connection strings of the bases that a script writes to. An embedded base is migrated first.
 * If no process runs the embedded PostgreSQL, it runs until `work` ends.
 *
 * @throws Error naming every variable that is missing for an external base
 */
export async function withAdminUrls<T>(
  bases: readonly BaseName[],
  work: (urls: PerBase<string>) => Promise<T>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<T> {
  const connections = await openConnections(env);
  try {
    const missing = bases.filter((base) => !connections[base].adminUrl).map((base) => variables[base]);
    if (missing.length > 0) throw new Error(`set ${missing.join(', ')}: the owner of each external base`);
    for (const base of bases) {
      const { embedded, adminUrl, migrations } = connections[base];
      if (embedded && adminUrl) await applyMigrations(adminUrl, migrations);
    }
    return await work(perBase((base) => connections[base].adminUrl ?? ''));
  } finally {
    await connections.close();
  }
}
