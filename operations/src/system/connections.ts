import { join } from 'node:path';
import { auditMigrations } from '@pessoa/audit/migrations';
import { ensureEmbeddedBases } from '@pessoa/databases/embedded/embedded-bases';
import { type PostgresCluster, startPostgres } from '@pessoa/databases/embedded/postgres-cluster';
import { baseDatabase, baseNames, baseTitle, type PerBase, perBase, type Service } from '@pessoa/domain/services';
import { pessoaHome, root } from './home.ts';
import { embeddedPostgresPort, scriptEnvironment } from './settings.ts';

/** A database and how to reach it. */
export interface Database {
  /** The role of the service that reads it; for the audit, the one that writes. */
  readonly url: string;
  /** The owner; absent for a database that is not ours. */
  readonly adminUrl: string | undefined;
  /** The variable that names the owner. */
  readonly adminSetting: string;
  readonly migrations: string;
  readonly embedded: boolean;
}

export interface Connections extends PerBase<Database> {
  readonly auditoria: Database & { readonly readerUrl: string };
  /** Running for as long as one database is embedded. */
  readonly cluster: PostgresCluster | undefined;
  /** Stops the embedded cluster, if this call started it. */
  close(): Promise<void>;
}

const migrationsOf = (service: Service): string => join(root, 'subgraphs', service, 'prisma', 'migrations');

/**
 * The databases that the environment names, and the embedded ones for the rest.
 * `EMBEDDED_POSTGRES_PORT` fixes the port of the embedded cluster, which is free otherwise.
 *
 * @param server how the embedded one is started, when it is
 */
export async function openConnections(
  given: NodeJS.ProcessEnv,
  server: Pick<Parameters<typeof startPostgres>[0], 'takeOver' | 'say'> = {},
): Promise<Connections> {
  const env = scriptEnvironment(given);
  const external = ['BASE_A_URL', 'BASE_B_URL', 'BASE_C_URL', 'AUDIT_URL'].every((name) => env[name]);
  const cluster = external ? undefined : await startEmbedded(env, server);
  const urlOf = cluster && (await ensureEmbeddedBases(cluster));

  const database = (variable: string, embedded: { reader: string; owner: string }, migrations: string): Database => {
    const url = env[`${variable}_URL`];
    const adminSetting = `${variable}_ADMIN_URL`;
    if (url) return { url, adminUrl: env[adminSetting] || undefined, adminSetting, migrations, embedded: false };
    return { url: urlOf!(embedded.reader), adminUrl: urlOf!(embedded.owner), adminSetting, migrations, embedded: true };
  };
  const auditoria = database('AUDIT', { reader: 'auditoria_writer', owner: 'auditoria_owner' }, auditMigrations);
  return {
    ...perBase((base, service) => {
      const name = baseDatabase(base);
      const roles = { reader: `${name}_reader`, owner: `${name}_owner` };
      return database(name.toUpperCase(), roles, migrationsOf(service));
    }),
    auditoria: {
      ...auditoria,
      readerUrl: auditoria.embedded ? urlOf!('auditoria_reader') : env['AUDIT_READER_URL'] || auditoria.url,
    },
    cluster,
    close: async () => cluster?.stop(),
  };
}

async function startEmbedded(
  env: NodeJS.ProcessEnv,
  server: Parameters<typeof openConnections>[1],
): Promise<PostgresCluster> {
  const port = embeddedPostgresPort(env);
  const settings = { max_connections: '200', max_wal_size: '2GB' };
  return startPostgres({ home: join(pessoaHome(env), 'postgres'), port, settings, ...server });
}

/** Our own databases among them, in the order to migrate. */
export const ownedDatabases = (connections: Connections) =>
  [
    ...baseNames.map((base) => [baseTitle(base), connections[base]] as const),
    ['auditoria', connections.auditoria] as const,
  ].flatMap(([name, database]) => (database.adminUrl ? [{ ...database, name, adminUrl: database.adminUrl }] : []));
