import type { Client } from 'pg';
import { connectPostgres } from '../postgres/connect-postgres.ts';
import { checkServers, databaseOf, ensurePublication, ensureReplicationRole, type Say } from './publication.ts';
import { openReplicaDatabase } from './replica-database.ts';
import { replicaNames } from './replica-names.ts';
import type { ReplicatedBase } from './replica-settings.ts';
import { ensureReplicaReader, ensureReplicaTables } from './replica-tables.ts';
import { sourceTables } from './source-tables.ts';
import { ensureSubscription, followedTables, waitForCopy } from './subscription.ts';

/**
 * Makes a replica of a base, or mends what of it is missing, and waits until it is copied. Every step looks first: run
 * again, it says what was there.
 *
 * @throws ReplicaError with what stands in the way
 */
export async function replicate(base: ReplicatedBase, say: Say): Promise<void> {
  const clients: Client[] = [];
  const open = async (opening: Promise<Client>): Promise<Client> => {
    const client = await opening;
    clients.push(client);
    return client;
  };
  try {
    const source = await open(connectQuietly(base.adminUrl));
    const server = await open(connectQuietly(serverUrl(base.replicaAdminUrl)));
    await checkServers(source, server);
    const reader = await open(connectPostgres(base.url));
    const tables = await sourceTables(base, { reader, admin: source });
    const names = await replicaNames(base.name, server, databaseOf(base.replicaAdminUrl));

    const replica = await open(openReplicaDatabase(source, base.replicaAdminUrl, say));
    await quiet(replica);
    const followed = await followedTables(replica, names);
    await ensureReplicaTables(replica, tables, { followed, say });
    await ensureReplicaReader(replica, base, tables, say);

    // The source last: nothing is made there for a replica that cannot be.
    const connection = await ensureReplicationRole(source, base, names, tables, say);
    await ensurePublication(source, names, tables, say);
    await ensureSubscription({ source, replica }, names, { connection, tables, say });
    await waitForCopy(replica, names);
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()));
  }
}

/** A database of the replica's server that is always there. */
export function serverUrl(adminUrl: string): string {
  const url = new URL(adminUrl);
  url.pathname = '/postgres';
  return url.href;
}

async function connectQuietly(url: string): Promise<Client> {
  const client = await connectPostgres(url);
  await quiet(client);
  return client;
}

/** Passwords are among the statements that follow: they are not for the server's log. Only a superuser can keep them out. */
async function quiet(client: Client): Promise<void> {
  for (const setting of [
    "log_statement = 'none'",
    "log_min_error_statement = 'panic'",
    'log_min_duration_statement = -1',
  ]) {
    await client.query(`SET ${setting}`).catch(() => {});
  }
}
