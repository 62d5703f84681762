import { countFaults, NotCaughtUp } from '@pessoa/subgraph/replica/row-counts';
import { type Client, escapeIdentifier as id } from 'pg';
import { connectPostgres } from '../postgres/connect-postgres.ts';
import { catalogueOf, missedChanges, noteOrigins, removeUntrueCopy, type Sides } from './copied-tables.ts';
import { checkServers, databaseOf, ensurePublication, ensureReplicationRole, type Say } from './publication.ts';
import { openReplicaDatabase } from './replica-database.ts';
import { ReplicaError } from './replica-error.ts';
import { type ReplicaNames, replicaNames } from './replica-names.ts';
import type { ReplicatedBase } from './replica-settings.ts';
import { ensureReplicaReader, ensureReplicaTables } from './replica-tables.ts';
import { type PublisherTable, publisherTables } from './publisher-tables.ts';
import { ensureSubscription, followedTables, waitForCopy } from './subscription.ts';

/**
 * Makes a replica of a base, or mends an incomplete one, and waits until it is copied. Each step checks first what exists, so the
 * command can be run again.
 *
 * @throws ReplicaError naming why the replica cannot be made
 */
export async function replicate(base: ReplicatedBase, say: Say): Promise<void> {
  const clients: Client[] = [];
  const open = async (opening: Promise<Client>): Promise<Client> => {
    const client = await opening;
    clients.push(client);
    return client;
  };
  try {
    const publisher = await open(connectQuietly(base.adminUrl));
    const server = await open(connectQuietly(serverUrl(base.replicaAdminUrl)));
    await checkServers(publisher, server);
    const reader = await open(connectPostgres(base.url));
    const tables = await publisherTables(base, { reader, admin: publisher });
    const names = await replicaNames(base.name, server, databaseOf(base.replicaAdminUrl));

    const replica = await open(openReplicaDatabase(publisher, base.replicaAdminUrl, say));
    await quiet(replica);
    const schemas = [...new Set(tables.map(({ schema }) => schema))];
    await replica.query(`SET search_path = ${schemas.map(id).join(', ')}`);
    const sides = { publisher, reader, replica };
    const copyFaults = await missedChanges(sides, base, names);
    if (copyFaults.length > 0) await removeUntrueCopy(replica, names, copyFaults, say);
    const differences = await copyAll(sides, base, names, tables, say);
    if (differences.length === 0) return;
    await removeUntrueCopy(replica, names, differences, say);
    const remainingDifferences = await copyAll(sides, base, names, tables, say);
    if (remainingDifferences.length > 0) {
      throw new ReplicaError(`the replica differs from the publisher:\n  ${remainingDifferences.join('\n  ')}`);
    }
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()));
  }
}

interface AllSides extends Sides {
  readonly publisher: Client;
}

/** @returns the differences between the replica and the publisher after every table is copied, as texts */
async function copyAll(
  sides: AllSides,
  base: ReplicatedBase,
  names: ReplicaNames,
  tables: readonly PublisherTable[],
  say: Say,
): Promise<string[]> {
  const { publisher, reader, replica } = sides;
  const followed = await followedTables(replica, names);
  await ensureReplicaTables(replica, tables, { followed, say });
  await ensureReplicaReader(replica, base, tables, say);

  // The publisher comes last: nothing is created there for a replica that cannot be made.
  const connection = await ensureReplicationRole(publisher, base, names, tables, say);
  await ensurePublication(publisher, names, tables, say);
  const before = await catalogueOf(sides, base, names);
  await ensureSubscription({ publisher, replica }, names, { connection, tables, say });
  await waitForCopy(replica, names);
  try {
    const differences = await countFaults({ publisher: reader, replica, slot: names.subscription }, before);
    if (differences.length > 0) return differences;
  } catch (error) {
    if (!(error instanceof NotCaughtUp)) throw error;
    throw new ReplicaError(`${error.message}: the log of the replica's server says why`);
  }
  return noteOrigins(replica, tables, before, await catalogueOf(sides, base, names));
}

/** The URL of the database `postgres`, which every server has. */
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

/** Keeps the following statements, which contain passwords, out of the server's log. Only a superuser can do so. */
async function quiet(client: Client): Promise<void> {
  for (const setting of [
    "log_statement = 'none'",
    "log_min_error_statement = 'panic'",
    'log_min_duration_statement = -1',
  ]) {
    await client.query(`SET ${setting}`).catch(() => {});
  }
}
