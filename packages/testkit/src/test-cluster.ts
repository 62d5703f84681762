import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { auditMigrations } from '@pessoa/audit/migrations';
import { applyMigrations } from '@pessoa/platform/base/migrations';
import { type EmbeddedDatabase, ensureEmbeddedBases } from '@pessoa/platform/embedded/embedded-bases';
import { startPostgres } from '@pessoa/platform/embedded/postgres-cluster';

/** How the test processes find the cluster: its superuser's URL and the roles' URLs, as JSON. */
export const TEST_CLUSTER_VARIABLE = 'PESSOA_TEST_CLUSTER';

export interface TestClusterInfo {
  readonly superuserUrl: string;
  /** Of the template databases, by role. */
  readonly roleUrls: Readonly<Record<string, string>>;
}

const migrationsOf = (subgraph: string): string =>
  fileURLToPath(new URL(`../../../subgraphs/${subgraph}/prisma/migrations`, import.meta.url));

const MIGRATIONS: Readonly<Record<EmbeddedDatabase, string>> = {
  base_a: migrationsOf('debt'),
  base_b: migrationsOf('score'),
  base_c: migrationsOf('event'),
  auditoria: auditMigrations,
};

const ROLES = [
  'base_a_owner', 'base_a_reader', 'base_b_owner', 'base_b_reader', 'base_c_owner', 'base_c_reader',
  'auditoria_owner', 'auditoria_writer', 'auditoria_reader',
]; // prettier-ignore

/** Starts one PostgreSQL for a whole test run, its four databases migrated: the templates of every test's own. */
export async function startTestCluster(): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'pessoa-test-'));
  await chmod(home, 0o755); // PostgreSQL's own user must be able to enter
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };
  const cluster = await startPostgres({ home, settings });
  const urlOf = await ensureEmbeddedBases(cluster);
  for (const [database, directory] of Object.entries(MIGRATIONS))
    await applyMigrations(urlOf(`${database}_owner`), directory);
  const info: TestClusterInfo = {
    superuserUrl: cluster.superuserUrl('postgres'),
    roleUrls: Object.fromEntries(ROLES.map((role) => [role, urlOf(role)])),
  };
  process.env[TEST_CLUSTER_VARIABLE] = JSON.stringify(info);
  return async () => {
    await cluster.stop();
    await rm(cluster.place.home, { recursive: true, force: true });
    await rm(home, { recursive: true, force: true });
  };
}
