import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations } from '@pessoa/platform/base/migrations';
import { ensureEmbeddedBases } from '@pessoa/platform/embedded/embedded-bases';
import { freePort, type PostgresCluster, startPostgres } from '@pessoa/platform/embedded/postgres-cluster';
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
  readonly source: OwnPostgres;
  readonly replica: OwnPostgres;
  /** Superusers' pools for Base A and for the replica's database. */
  readonly onSource: pg.Pool;
  readonly onReplica: pg.Pool;
  readonly cable: TcpRelay;
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

/** @param sourceSettings differing from what a source must have */
export async function startReplicaServers(sourceSettings: Record<string, string> = {}): Promise<ReplicaServers> {
  const fast = { fsync: 'off', max_connections: '60' };
  const source = await ownPostgres({ ...fast, wal_level: 'logical', ...sourceSettings });
  const replica = await ownPostgres({ ...fast, wal_retrieve_retry_interval: '500ms' });
  const urlOf = await ensureEmbeddedBases(source.cluster());
  await applyMigrations(urlOf('base_a_owner'), join(root, 'subgraphs/debt/prisma/migrations'));
  const { host, port } = source.cluster();
  const cable = await openTcpRelay({ host, port });
  const admin = source.superuserUrl('base_a');
  const withoutRole = Object.assign(new URL(cable.through(admin)), { username: '', password: '' }).href;
  const reader = Object.assign(new URL(replica.superuserUrl('replica_a')), {
    username: 'leitor',
    password: 'só-leitura',
  });
  const pools = [admin, replica.superuserUrl('replica_a')].map(
    (connectionString) => new pg.Pool({ connectionString, max: 2 }),
  );
  for (const pool of pools) pool.on('error', () => {}); // a test stops the server under it
  return {
    source,
    replica,
    onSource: pools[0]!,
    onReplica: pools[1]!,
    cable,
    env: {
      BASE_A_URL: urlOf('base_a_reader'),
      BASE_A_ADMIN_URL: admin,
      BASE_A_REPLICA_URL: reader.href,
      BASE_A_REPLICA_ADMIN_URL: replica.superuserUrl('replica_a'),
      BASE_A_REPLICA_SOURCE_URL: withoutRole,
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()));
      await cable.close();
      await Promise.all([source.stop(), replica.stop()]);
      for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface CommandRun {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run replica -- …` or, without arguments, `npm run replica:status`. */
export function runReplicaCommand(env: Readonly<Record<string, string>>, ...args: string[]): Promise<CommandRun> {
  const main = join(root, 'scripts/src/replica', args.length > 0 ? 'main.ts' : 'status.ts');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, ...args],
      { env: { PATH: process.env['PATH'], ...env } },
      (error, stdout, stderr) => resolve({ code: error ? (error.code ?? null) : 0, stdout, stderr }),
    );
  });
}
