import { randomBytes } from 'node:crypto';
import { OLDEST_POSTGRES } from '@pessoa/subgraph/base/base-contract';
import { type Client, escapeIdentifier as id, escapeLiteral as literal } from 'pg';
import { ReplicaError } from './replica-error.ts';
import { type ReplicaNames, systemIdentifier } from './replica-names.ts';
import type { ReplicatedBase } from './replica-settings.ts';
import type { PublisherTable } from './publisher-tables.ts';

/** Prints one line: what was made, or what already exists. */
export type Say = (line: string) => void;

export const qualified = ({ schema, name }: Pick<PublisherTable, 'schema' | 'name'>): string =>
  `${id(schema)}.${id(name)}`;
export const columnList = ({ columns }: PublisherTable): string => columns.map(({ name }) => id(name)).join(', ');

/** @throws ReplicaError when one server is too old, both are the same server, or the publisher's log is not logical */
export async function checkServers(publisher: Client, replica: Client): Promise<void> {
  for (const [side, client] of [
    ['publisher', publisher],
    ['replica', replica],
  ] as const) {
    const version = Number(await setting(client, 'server_version_num'));
    const major = Math.floor(version / 10_000);
    if (major < OLDEST_POSTGRES)
      throw new ReplicaError(`the ${side} is PostgreSQL ${major}: ${OLDEST_POSTGRES} is the oldest`);
  }
  if ((await systemIdentifier(publisher)) === (await systemIdentifier(replica))) {
    throw new ReplicaError('publisher and replica are on one server: a replica needs a server of its own');
  }
  const walLevel = await setting(publisher, 'wal_level');
  if (walLevel !== 'logical') {
    throw new ReplicaError(`the publisher has wal_level=${walLevel}: its owner must set it to logical and restart it`);
  }
}

const setting = async (client: Client, name: string): Promise<string> => {
  const { rows } = await client.query<{ value: string }>('SELECT current_setting($1) AS value', [name]);
  return rows[0]!.value;
};

interface Published {
  readonly table: string;
  readonly columns: string[];
  readonly isFiltered: boolean;
}

/**
 * Publishes only the columns of the contract, with every change of every row. An existing publication that omits changes, rows or
 * tables is mended.
 *
 * @throws ReplicaError when other columns are published under this name
 */
export async function ensurePublication(
  publisher: Client,
  { publication }: ReplicaNames,
  tables: readonly PublisherTable[],
  say: Say,
): Promise<void> {
  const { rows } = await publisher.query<Published>(
    `SELECT schemaname || '.' || tablename AS "table", attnames::text[] AS "columns", rowfilter IS NOT NULL AS "isFiltered"
     FROM pg_publication_tables WHERE pubname = $1`,
    [publication],
  );
  const {
    rows: [existing],
  } = await publisher.query<{ isComplete: boolean }>(
    `SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate AND pubviaroot AS "isComplete"
     FROM pg_publication WHERE pubname = $1`,
    [publication],
  );
  const published = new Map(rows.map((row) => [row.table, row]));
  const alter = (change: string) => publisher.query(`ALTER PUBLICATION ${id(publication)} ${change}`);
  const listOf = (table: PublisherTable): string => `TABLE ${qualified(table)} (${columnList(table)})`;
  if (!existing) {
    await publisher.query(
      `CREATE PUBLICATION ${id(publication)} FOR ${tables.map(listOf).join(', ')} WITH (${COMPLETE})`,
    );
    return say(`publisher: publication ${publication} made, ${tables.length} tables`);
  }
  say(`publisher: publication ${publication} was there`);
  if (!existing.isComplete) {
    await alter(`SET (${COMPLETE})`);
    say('publisher: the publication omitted changes: now it sends every change');
  }
  for (const table of tables) {
    const publishedTable = published.get(`${table.schema}.${table.name}`);
    published.delete(`${table.schema}.${table.name}`);
    if (
      publishedTable &&
      !isSameSet(
        publishedTable.columns,
        table.columns.map(({ name }) => name),
      )
    ) {
      throw new ReplicaError(
        `publication ${publication} has other columns of ${table.name} than the contract: remove the replica (--remove) and make it again`,
      );
    }
    if (publishedTable?.isFiltered) {
      await alter(`DROP TABLE ${qualified(table)}`);
      say(`publisher: the publication omitted rows of ${table.name}: now it sends every row`);
    }
    if (publishedTable && !publishedTable.isFiltered) continue;
    await alter(`ADD ${listOf(table)}`);
    if (!publishedTable) say(`publisher: ${table.name} added to the publication`);
  }
  // A former table of the contract may still be published. The replica has no table for it.
  for (const table of published.keys()) {
    await alter(`DROP TABLE ${table.split('.').map(id).join('.')}`);
    say(`publisher: ${table} removed from the publication`);
  }
}

/** Published by its root, a partitioned table is one table of the replica. */
const COMPLETE = "publish = 'insert, update, delete, truncate', publish_via_partition_root = true";

const isSameSet = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((name) => right.includes(name));

/**
 * Creates the role by which the replica reads the publisher. It may replicate, and select the published columns.
 *
 * @returns the connection string for the subscription. Unless the settings name a role with its password, the password is new
 * and stored nowhere else
 */
export async function ensureReplicationRole(
  publisher: Client,
  { adminUrl, publisherUrl }: ReplicatedBase,
  { subscription: own }: ReplicaNames,
  tables: readonly PublisherTable[],
  say: Say,
): Promise<string> {
  const url = new URL(publisherUrl ?? adminUrl);
  const configuredRole = publisherUrl === undefined ? '' : decodeURIComponent(url.username);
  const role = configuredRole || own;
  const { rows } = await publisher.query<{ mayReplicate: boolean }>(
    'SELECT rolreplication OR rolsuper AS "mayReplicate" FROM pg_roles WHERE rolname = $1',
    [role],
  );
  if (configuredRole && rows[0]) {
    if (!rows[0].mayReplicate)
      throw new ReplicaError(`role ${role} of the publisher may not replicate: ALTER ROLE … REPLICATION`);
    say(`publisher: role ${role} was there`);
  } else {
    const password = (configuredRole && decodeURIComponent(url.password)) || randomBytes(24).toString('base64url');
    url.username = encodeURIComponent(role);
    url.password = encodeURIComponent(password);
    // The replica's own role gets a new password with every run: only the subscription needs it.
    await publisher.query(
      `${rows[0] ? 'ALTER' : 'CREATE'} ROLE ${id(role)} LOGIN REPLICATION PASSWORD ${literal(password)}`,
    );
    say(`publisher: role ${role} ${rows[0] ? 'was there, with a new password' : 'made'}`);
  }
  await publisher.query(`GRANT CONNECT ON DATABASE ${id(databaseOf(adminUrl))} TO ${id(role)}`);
  for (const schema of new Set(tables.map((table) => table.schema))) {
    await publisher.query(`GRANT USAGE ON SCHEMA ${id(schema)} TO ${id(role)}`);
  }
  for (const table of tables) {
    await publisher.query(`GRANT SELECT (${columnList(table)}) ON ${qualified(table)} TO ${id(role)}`);
  }
  return url.href;
}

export const databaseOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1)) || 'postgres';
