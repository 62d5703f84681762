import {
  contractFaults,
  OFFERED_COLUMNS,
  type OfferedColumn,
  OFFERING_SERVER,
  type OfferingServer,
} from '@pessoa/subgraph/base/base-contract';
import { type Client, escapeIdentifier as id, escapeLiteral as literal } from 'pg';
import { columnList, databaseOf, qualified, type Say } from './publication.ts';
import { ReplicaError } from './replica-error.ts';
import type { ReplicatedBase } from './replica-settings.ts';
import type { PublisherTable } from './publisher-tables.ts';

/**
 * Creates the tables of the contract with the publisher's types, keys and indexes. They have no unpublished column and no
 * constraint: a constraint could only stop rows that the publisher has already accepted.
 *
 * @throws ReplicaError for an existing table with rows that our subscription does not follow
 */
export async function ensureReplicaTables(
  replica: Client,
  tables: readonly PublisherTable[],
  { followed, say }: { followed: ReadonlySet<string>; say: Say },
): Promise<void> {
  let created = 0;
  for (const table of tables) {
    await replica.query(`CREATE SCHEMA IF NOT EXISTS ${id(table.schema)}`);
    const { rows } = await replica.query<{ isThere: boolean }>('SELECT to_regclass($1) IS NOT NULL AS "isThere"', [
      qualified(table),
    ]);
    if (!rows[0]!.isThere) {
      await replica.query(createStatement(table));
      created++;
    } else if (!followed.has(`${table.schema}.${table.name}`)) {
      const { rowCount } = await replica.query(`SELECT FROM ${qualified(table)} LIMIT 1`);
      if (rowCount) {
        throw new ReplicaError(
          `the replica's ${table.name} has rows that are not of this publisher: give the replica a database of its own`,
        );
      }
    }
    for (const index of table.indexes) await replica.query(index);
  }
  say(`replica: ${created} tables made, ${tables.length - created} were there`);
}

function createStatement({ columns, key, ...table }: PublisherTable): string {
  const definitions = columns.map(
    ({ name, type, collation }) => `${id(name)} ${type}${collation === null ? '' : ` COLLATE ${collation}`}`,
  );
  return `CREATE TABLE ${qualified(table)} (${definitions.join(', ')}, PRIMARY KEY (${key.map(id).join(', ')}))`;
}

/**
 * Creates the role by which the service reads the replica. It may select only the columns of the contract.
 * @throws ReplicaError for a superuser, and when the tables differ from docs/bases.md
 */
export async function ensureReplicaReader(
  replica: Client,
  { replica: { url }, replicaAdminUrl, contract, types }: ReplicatedBase,
  tables: readonly PublisherTable[],
  say: Say,
): Promise<void> {
  const { username, password } = new URL(url);
  const role = decodeURIComponent(username);
  if (role === '') throw new ReplicaError("the replica's URL names no role to read it by");
  const { rows } = await replica.query<{ rolsuper: boolean }>('SELECT rolsuper FROM pg_roles WHERE rolname = $1', [
    role,
  ]);
  if (rows[0]?.rolsuper)
    throw new ReplicaError(`${role} is a superuser of the replica: a service reads by a role that may only read`);
  const secret = password === '' ? '' : `PASSWORD ${literal(decodeURIComponent(password))}`;
  await replica.query(`${rows[0] ? 'ALTER' : 'CREATE'} ROLE ${id(role)} LOGIN ${secret}`);
  const database = id(databaseOf(replicaAdminUrl));
  const schemas = [...new Set(tables.map(({ schema }) => schema))];
  await replica.query(`GRANT CONNECT ON DATABASE ${database} TO ${id(role)}`);
  await replica.query(`ALTER ROLE ${id(role)} IN DATABASE ${database} SET search_path = ${schemas.map(id).join(', ')}`);
  for (const schema of schemas) await replica.query(`GRANT USAGE ON SCHEMA ${id(schema)} TO ${id(role)}`);
  for (const table of tables) {
    await replica.query(`REVOKE ALL ON ${qualified(table)} FROM ${id(role)}`);
    await replica.query(`GRANT SELECT (${columnList(table)}) ON ${qualified(table)} TO ${id(role)}`);
  }
  say(`replica: role ${role} ${rows[0] ? 'was there' : 'made'}, it may read ${tables.length} tables`);

  const { rows: columns } = await replica.query<OfferedColumn>(OFFERED_COLUMNS, [Object.keys(contract)]);
  const { rows: server } = await replica.query<OfferingServer>(OFFERING_SERVER);
  const faults = contractFaults({ contract, types }, { server: server[0]!, columns });
  if (faults.length > 0)
    throw new ReplicaError(`the replica's tables are not as docs/bases.md says:\n  ${faults.join('\n  ')}`);
}
