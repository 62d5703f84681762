import { join } from 'node:path';
import { auditMigrations } from '@pessoa/audit/migrations';
import { ensureEmbeddedBases } from '@pessoa/databases/embedded/embedded-bases';
import { type PostgresCluster, startPostgres } from '@pessoa/databases/embedded/postgres-cluster';
import { baseDatabase, baseNames, baseTitle, type PerBase, perBase, type Service } from '@pessoa/domain/services';
import { pessoaHome, root } from './home.ts';
import { embeddedPostgresPort, scriptEnvironment } from './settings.ts';

/** A database and its connection strings. */
export interface Database {
  /** For a base, the role that reads; for the audit, the role that writes. */
  readonly url: string;
  /** The owner; undefined if nobody named the owner of an external database. */
  readonly adminUrl: string | undefined;
  /** The variable that names the owner. */
  readonly adminSetting: string;
  readonly migrations: string;
  readonly embedded: boolean;
}

export interface Connections extends PerBase<Database> {
  /** Base C for an indexer, and Base B for an extraction: embedded ones have a role for each. */
  readonly indexerUrl: string;
  readonly extractionUrl: string;
  /** `auditorUrl` is undefined if nobody named the role that keeps the log of an external audit. */
  readonly auditoria: Database & { readonly readerUrl: string; readonly auditorUrl: string | undefined };
  /** The embedded PostgreSQL; undefined if every database is external. */
  readonly cluster: PostgresCluster | undefined;
  /** Stops the embedded PostgreSQL, if `openConnections` started it. */
  close(): Promise<void>;
}

const migrationsOf = (service: Service): string => join(root, 'subgraphs', service, 'prisma', 'migrations');

/**
 * Opens the databases that the environment names. The embedded PostgreSQL has the others; it is started if needed.
 *
 * @param server options for starting the embedded PostgreSQL
 * @throws ConfigError for a setting that cannot be used
 */
export async function openConnections(
  processEnv: NodeJS.ProcessEnv,
  server: Pick<Parameters<typeof startPostgres>[0], 'takeOver' | 'report'> = {},
): Promise<Connections> {
  const env = scriptEnvironment(processEnv);
  const isExternal = ['BASE_A_URL', 'BASE_B_URL', 'BASE_C_URL', 'AUDIT_URL'].every((name) => env[name]);
  const cluster = isExternal ? undefined : await startEmbedded(env, server);
  const urlOf = cluster && (await ensureEmbeddedBases(cluster));

  const database = (variable: string, embedded: { reader: string; owner: string }, migrations: string): Database => {
    const url = env[`${variable}_URL`];
    const adminSetting = `${variable}_ADMIN_URL`;
    if (url) return { url, adminUrl: env[adminSetting] || undefined, adminSetting, migrations, embedded: false };
    return { url: urlOf!(embedded.reader), adminUrl: urlOf!(embedded.owner), adminSetting, migrations, embedded: true };
  };
  const auditoria = database('AUDIT', { reader: 'auditoria_writer', owner: 'auditoria_owner' }, auditMigrations);
  const bases = perBase((base, service) => {
    const name = baseDatabase(base);
    const roles = { reader: `${name}_reader`, owner: `${name}_owner` };
    return database(name.toUpperCase(), roles, migrationsOf(service));
  });
  return {
    ...bases,
    indexerUrl: bases.baseC.embedded ? urlOf!('base_c_indexer') : bases.baseC.url,
    extractionUrl: bases.baseB.embedded ? urlOf!('base_b_extraction') : bases.baseB.url,
    auditoria: {
      ...auditoria,
      readerUrl: auditoria.embedded ? urlOf!('auditoria_reader') : env['AUDIT_READER_URL'] || auditoria.url,
      auditorUrl: auditoria.embedded ? urlOf!('auditoria_auditor') : env['AUDIT_AUDITOR_URL'] || undefined,
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

/** The databases whose owner is known, in the order in which to migrate them. */
export const ownedDatabases = (connections: Connections) =>
  [
    ...baseNames.map((base) => [baseTitle(base), connections[base]] as const),
    ['auditoria', connections.auditoria] as const,
  ].flatMap(([name, database]) => (database.adminUrl ? [{ ...database, name, adminUrl: database.adminUrl }] : []));
