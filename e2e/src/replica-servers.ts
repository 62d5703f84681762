import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureEmbeddedBases } from '@pessoa/databases/embedded/embedded-bases';
import { freePort } from '@pessoa/service/processes/free-port';
import { type PostgresCluster, startPostgres } from '@pessoa/databases/embedded/postgres-cluster';
import { applyMigrations } from '@pessoa/databases/migrations';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { openTcpRelay, type TcpRelay } from '@pessoa/testkit/tcp-relay';
import pg from 'pg';
import { root } from './started-system.ts';

/** A PostgreSQL of a test's own that can be stopped and started again, on the same port and data. */
export interface OwnPostgres {
  readonly superuserUrl: (database: string) => string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Two PostgreSQL servers, Base A on the one, and a passage by which the other reaches it. */
export interface ReplicaServers {
  readonly publisher: OwnPostgres;
  readonly replica: OwnPostgres;
  /** Superusers' pools for Base A and for the replica's database. */
  readonly onPublisher: pg.Pool;
  readonly onReplica: pg.Pool;
  readonly cable: TcpRelay;
  /** Between a service and the replica, for a service that is given `line.through` its URL. */
  readonly line: TcpRelay;
  /** For the commands and the service. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const folders: string[] = [];

async function ownPostgres(
  settings: Record<string, string>,
): Promise<OwnPostgres & { cluster: () => PostgresCluster }> {
  const home = await mkdtemp(join(tmpdir(), 'pessoa-replica-'));
  folders.push(home);
  await chmod(home, 0o755); // PostgreSQL's own user must be able to enter
  const port = await freePort();
  const start = () => startPostgres({ home, port, settings });
  let cluster = await start();
  return {
    cluster: () => cluster,
    superuserUrl: cluster.superuserUrl,
    stop: () => cluster.stop(),
    start: async () => void (cluster = await start()),
  };
}

/** @param publisherSettings differing from what a publisher must have */
export async function startReplicaServers(publisherSettings: Record<string, string> = {}): Promise<ReplicaServers> {
  const fast = { fsync: 'off', max_connections: '60' };
  const publisher = await ownPostgres({ ...fast, wal_level: 'logical', ...publisherSettings });
  const replica = await ownPostgres({ ...fast, wal_retrieve_retry_interval: '500ms' });
  const urlOf = await ensureEmbeddedBases(publisher.cluster());
  const { host, port } = publisher.cluster();
  const cable = await openTcpRelay({ host, port });
  const line = await openTcpRelay(replica.cluster());
  const env: Record<string, string> = {};
  for (const [letter, subgraph] of Object.entries({ a: 'debt', b: 'score', c: 'event' })) {
    await applyMigrations(urlOf(`base_${letter}_owner`), join(root, 'subgraphs', subgraph, 'prisma/migrations'));
    const admin = publisher.superuserUrl(`base_${letter}`);
    const replicaAdmin = replica.superuserUrl(`replica_${letter}`);
    const prefix = `BASE_${letter.toUpperCase()}`;
    Object.assign(env, {
      [`${prefix}_URL`]: urlOf(`base_${letter}_reader`),
      [`${prefix}_ADMIN_URL`]: admin,
      [`${prefix}_REPLICA_URL`]: withRole(replicaAdmin, 'leitor', 'só-leitura'),
      [`${prefix}_REPLICA_ADMIN_URL`]: replicaAdmin,
      [`${prefix}_REPLICA_SOURCE_URL`]: cable.through(withRole(admin, '', '')),
    });
  }
  const pools = [publisher.superuserUrl('base_a'), replica.superuserUrl('replica_a')].map(
    (connectionString) => new pg.Pool({ connectionString, max: 2 }),
  );
  for (const pool of pools) pool.on('error', () => {}); // a test stops the server under it
  return {
    publisher,
    replica,
    onPublisher: pools[0]!,
    onReplica: pools[1]!,
    cable,
    line,
    env,
    async close() {
      await Promise.all(pools.map((pool) => pool.end()));
      await Promise.all([cable.close(), line.close()]);
      await Promise.all([publisher.stop(), replica.stop()]);
      for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
    },
  };
}

const withRole = (url: string, username: string, password: string): string =>
  Object.assign(new URL(url), { username, password }).href;

interface CommandRun {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run replica -- …`. */
export const runReplica = (env: Readonly<Record<string, string>>, ...args: string[]): Promise<CommandRun> =>
  run('main.ts', env, args);

/** Runs `npm run replica:status -- …`. */
export const runReplicaStatus = (env: Readonly<Record<string, string>>, ...args: string[]): Promise<CommandRun> =>
  run('status.ts', env, args);

function run(file: string, env: Readonly<Record<string, string>>, args: readonly string[]): Promise<CommandRun> {
  const main = join(root, 'operations/src/replica', file);
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env: { ...bareEnvironment(), ...env } }, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? null) : 0, stdout, stderr }),
    );
  });
}

/** Rows of one statement, by a connection of its own. */
export async function ask<Row>(url: string, statement: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row & pg.QueryResultRow>(statement, values)).rows;
  } finally {
    await client.end();
  }
}
