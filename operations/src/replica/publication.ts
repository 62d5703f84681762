import { randomBytes } from 'node:crypto';
import { OLDEST_POSTGRES } from '@pessoa/subgraph/base/base-contract';
import { type Client, escapeIdentifier as id, escapeLiteral as literal } from 'pg';
import { ReplicaError } from './replica-error.ts';
import { type ReplicaNames, systemIdentifier } from './replica-names.ts';
import type { ReplicatedBase } from './replica-settings.ts';
import type { PublisherTable } from './publisher-tables.ts';

/** Told in a line each: what was made, and what was there. */
export type Say = (line: string) => void;

export const qualified = ({ schema, name }: Pick<PublisherTable, 'schema' | 'name'>): string =>
  `${id(schema)}.${id(name)}`;
export const columnList = ({ columns }: PublisherTable): string => columns.map(({ name }) => id(name)).join(', ');

/** @throws ReplicaError when these two servers cannot be publisher and replica of one another */
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
 * Publishes the columns of the contract and no other, with every change of every row; a publication that is there and does
 * otherwise is mended.
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
    rows: [found],
  } = await publisher.query<{ isWhole: boolean }>(
    `SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate AND pubviaroot AS "isWhole"
     FROM pg_publication WHERE pubname = $1`,
    [publication],
  );
  const published = new Map(rows.map((row) => [row.table, row]));
  const alter = (change: string) => publisher.query(`ALTER PUBLICATION ${id(publication)} ${change}`);
  const listOf = (table: PublisherTable): string => `TABLE ${qualified(table)} (${columnList(table)})`;
  if (!found) {
    await publisher.query(`CREATE PUBLICATION ${id(publication)} FOR ${tables.map(listOf).join(', ')} WITH (${WHOLE})`);
    return say(`publisher: publication ${publication} made, ${tables.length} tables`);
  }
  say(`publisher: publication ${publication} was there`);
  if (!found.isWhole) {
    await alter(`SET (${WHOLE})`);
    say('publisher: it left out changes: now it sends them all');
  }
  for (const table of tables) {
    const there = published.get(`${table.schema}.${table.name}`);
    published.delete(`${table.schema}.${table.name}`);
    if (
      there &&
      !isSameSet(
        there.columns,
        table.columns.map(({ name }) => name),
      )
    ) {
      throw new ReplicaError(
        `publication ${publication} has other columns of ${table.name} than the contract: remove the replica (--remove) and make it again`,
      );
    }
    if (there?.isFiltered) {
      await alter(`DROP TABLE ${qualified(table)}`);
      say(`publisher: it left out rows of ${table.name}: now it sends them all`);
    }
    if (there && !there.isFiltered) continue;
    await alter(`ADD ${listOf(table)}`);
    if (!there) say(`publisher: ${table.name} added to it`);
  }
  // What is left of another table that was in its place: the replica has nowhere to put it.
  for (const table of published.keys()) {
    await alter(`DROP TABLE ${table.split('.').map(id).join('.')}`);
    say(`publisher: ${table} taken out of it`);
  }
}

/** By its root, a partitioned table is one table of the replica. */
const WHOLE = "publish = 'insert, update, delete, truncate', publish_via_partition_root = true";

const isSameSet = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one) => others.includes(one));

/**
 * Makes the role by which the replica reads the publisher: it may replicate and copy the published columns, no more.
 *
 * @returns the connection string for the subscription; its password is known to nobody else unless it was given
 */
export async function ensureReplicationRole(
  publisher: Client,
  { adminUrl, publisherUrl }: ReplicatedBase,
  { own }: ReplicaNames,
  tables: readonly PublisherTable[],
  say: Say,
): Promise<string> {
  const url = new URL(publisherUrl ?? adminUrl);
  const given = publisherUrl === undefined ? '' : decodeURIComponent(url.username);
  const role = given || own;
  const { rows } = await publisher.query<{ mayReplicate: boolean }>(
    'SELECT rolreplication OR rolsuper AS "mayReplicate" FROM pg_roles WHERE rolname = $1',
    [role],
  );
  if (given && rows[0]) {
    if (!rows[0].mayReplicate)
      throw new ReplicaError(`role ${role} of the publisher may not replicate: ALTER ROLE … REPLICATION`);
    say(`publisher: role ${role} was there`);
  } else {
    const password = (given && decodeURIComponent(url.password)) || randomBytes(24).toString('base64url');
    url.username = encodeURIComponent(role);
    url.password = encodeURIComponent(password);
    // A role of our own gets a new password with every run: only the subscription needs to know it.
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
