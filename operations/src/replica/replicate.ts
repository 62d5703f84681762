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
    const missed = await missedChanges(sides, base, names);
    if (missed.length > 0) await removeUntrueCopy(replica, names, missed, say);
    const differing = await copyAll(sides, base, names, tables, say);
    if (differing.length === 0) return;
    await removeUntrueCopy(replica, names, differing, say);
    const still = await copyAll(sides, base, names, tables, say);
    if (still.length > 0)
      throw new ReplicaError(`the replica has not what the publisher has:\n  ${still.join('\n  ')}`);
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()));
  }
}

interface AllSides extends Sides {
  readonly publisher: Client;
}

/** @returns why, after all is copied and followed, the replica has not what the publisher has; empty when it has */
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

  // The publisher last: nothing is made there for a replica that cannot be.
  const connection = await ensureReplicationRole(publisher, base, names, tables, say);
  await ensurePublication(publisher, names, tables, say);
  const before = await catalogueOf(sides, base, names);
  await ensureSubscription({ publisher, replica }, names, { connection, tables, say });
  await waitForCopy(replica, names);
  try {
    const differing = await countFaults({ publisher: reader, replica, slot: names.own }, before); // prettier-ignore
    if (differing.length > 0) return differing;
  } catch (error) {
    if (!(error instanceof NotCaughtUp)) throw error;
    throw new ReplicaError(`${error.message}: the log of the replica's server says why`);
  }
  return noteOrigins(replica, tables, before, await catalogueOf(sides, base, names));
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
