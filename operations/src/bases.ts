import { applyMigrations } from '@pessoa/databases/migrations';
import { type Base, type PerBase, perBase } from '@pessoa/domain/services';
import { openConnections } from './system/connections.ts';

const variables: PerBase<string> = {
  baseA: 'BASE_A_ADMIN_URL',
  baseB: 'BASE_B_ADMIN_URL',
  baseC: 'BASE_C_ADMIN_URL',
};

/**
 * Gives `work` the owners' connection strings of the bases a script writes to; an embedded base is started for as long
 * as that takes, unless it is running already, and migrated.
 *
 * @throws Error naming every variable that is missing for an external base
 */
export async function withAdminUrls<T>(
  wanted: readonly Base[],
  work: (urls: PerBase<string>) => Promise<T>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<T> {
  const connections = await openConnections(env);
  try {
    const missing = wanted.filter((base) => !connections[base].adminUrl).map((base) => variables[base]);
    if (missing.length > 0) throw new Error(`set ${missing.join(', ')}: the owner of each external base`);
    for (const base of wanted) {
      const { embedded, adminUrl, migrations } = connections[base];
      if (embedded && adminUrl) await applyMigrations(adminUrl, migrations);
    }
    return await work(perBase((base) => connections[base].adminUrl ?? ''));
  } finally {
    await connections.close();
  }
}
