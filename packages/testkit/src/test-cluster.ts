import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { auditMigrations } from '@pessoa/audit/migrations';
import {
  type BaseUrls,
  type EmbeddedDatabase,
  ensureBases,
  ensureEmbeddedBases,
  newPasswords,
} from '@pessoa/databases/embedded/embedded-bases';
import { startPostgres } from '@pessoa/databases/embedded/postgres-cluster';
import { applyMigrations } from '@pessoa/databases/migrations';
import type { Service } from '@pessoa/domain/services';
import pg from 'pg';
import { addNamesakes, HOSTILE_DATABASE, isHostile, setHostile } from './hostile-settings.ts';
import { runsOnServers, postgresServer, requireServers } from './servers.ts';

/** Variable with `TestClusterInfo` as JSON, for the processes of a test run. */
export const TEST_CLUSTER_VARIABLE = 'PESSOA_TEST_CLUSTER';

export interface TestClusterInfo {
  readonly superuserUrl: string;
  /** URLs of the template databases, by role. */
  readonly roleUrls: Readonly<Record<string, string>>;
}

const migrationsOf = (service: Service): string =>
  fileURLToPath(new URL(`../../../subgraphs/${service}/prisma/migrations`, import.meta.url));

const MIGRATIONS: Readonly<Record<EmbeddedDatabase, string>> = {
  base_a: migrationsOf('debt'),
  base_b: migrationsOf('score'),
  base_c: migrationsOf('event'),
  auditoria: auditMigrations,
};

const ROLES = [
  'base_a_owner', 'base_a_reader', 'base_b_owner', 'base_b_reader', 'base_b_extraction', 'base_c_owner', 'base_c_reader',
  'base_c_indexer',
  'auditoria_owner', 'auditoria_writer', 'auditoria_reader', 'auditoria_auditor',
]; // prettier-ignore

/** Creates the four migrated template databases of a test run. @returns a function that removes them */
export async function startTestCluster(): Promise<() => Promise<void>> {
  if (!runsOnServers()) return startEmbeddedCluster();
  await requireServers();
  return useServer(postgresServer());
}

/** Starts a PostgreSQL for this run. */
async function startEmbeddedCluster(): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'pessoa-test-'));
  await chmod(home, 0o755); // PostgreSQL's user must be able to enter
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };
  const cluster = await startPostgres({ home, settings });
  if (isHostile()) await makeDatabases(cluster.superuserUrl('postgres'));
  await publish(cluster.superuserUrl('postgres'), await ensureEmbeddedBases(cluster));
  return async () => {
    await cluster.stop();
    await rm(cluster.place.home, { recursive: true, force: true });
    await rm(home, { recursive: true, force: true });
  };
}

/**
 * Creates the template databases and their roles, with a prefix of their own, on a running server, and makes it the test cluster.
 *
 * @returns a function that removes them, and every database made of them
 */
export async function useServer(superuserUrl: string): Promise<() => Promise<void>> {
  const prefix = `pessoa_test_${randomBytes(4).toString('hex')}_`;
  const at = (database: string): string => Object.assign(new URL(superuserUrl), { pathname: `/${database}` }).href;
  if (isHostile()) await makeDatabases(superuserUrl, prefix);
  await publish(superuserUrl, await ensureBases(at, newPasswords(), prefix));
  return async () => {
    const admin = new pg.Client({ connectionString: superuserUrl });
    await admin.connect();
    const { rows } = await admin.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [prefix],
    );
    for (const { datname } of rows) await admin.query(`DROP DATABASE ${datname} WITH (FORCE)`);
    for (const role of ROLES) await admin.query(`DROP ROLE ${prefix}${role}`);
    await admin.end();
  };
}

async function publish(superuserUrl: string, urlOf: BaseUrls): Promise<void> {
  for (const [database, directory] of Object.entries(MIGRATIONS))
    await applyMigrations(urlOf(`${database}_owner`), directory);
  if (isHostile()) await turnHostile(superuserUrl, urlOf);
  const info: TestClusterInfo = {
    superuserUrl,
    roleUrls: Object.fromEntries(ROLES.map((role) => [role, urlOf(role)])),
  };
  process.env[TEST_CLUSTER_VARIABLE] = JSON.stringify(info);
}

async function makeDatabases(superuserUrl: string, prefix = ''): Promise<void> {
  await asClient(superuserUrl, async (admin) => {
    for (const database of Object.keys(MIGRATIONS)) {
      await admin.query(`CREATE ROLE ${prefix}${database}_owner`);
      await admin.query(`CREATE DATABASE ${prefix}${database} OWNER ${prefix}${database}_owner ${HOSTILE_DATABASE}`);
    }
  });
}

/** Gives the roles of the services hostile settings. The owners, which the tests use, keep theirs. */
async function turnHostile(superuserUrl: string, urlOf: BaseUrls): Promise<void> {
  await asClient(superuserUrl, async (admin) => {
    for (const role of ROLES.filter((name) => !name.endsWith('_owner')))
      await setHostile(admin, decodeURIComponent(new URL(urlOf(role)).username));
  });
  for (const database of Object.keys(MIGRATIONS)) await asClient(urlOf(`${database}_owner`), addNamesakes);
}

async function asClient(connectionString: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
