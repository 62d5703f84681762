import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { BaseDatabase } from '@pessoa/domain/services';
import { readJsonFile, writeAtomically } from '@pessoa/service/processes/atomic-file';
import pg from 'pg';
import { z } from 'zod';
import type { PostgresCluster } from './postgres-cluster.ts';

/** The privileges of a role on every table of a schema, by the name of the schema. */
type Privileges = Readonly<Partial<Record<'public' | 'transparency', string>>>;

/**
 * The databases of the embedded cluster, and for each the roles with their privileges. The owner migrates, seeds and
 * imports. No other role writes to a base, the audit's writer can only insert, and its auditor keeps the tree over the records.
 * Who reads without naming people, an indexer and an extraction, has a role of its own: a service's role never does.
 */
const databases = {
  base_a: { base_a_reader: { public: 'SELECT' } },
  base_b: { base_b_reader: { public: 'SELECT' }, base_b_extraction: { public: 'SELECT' } },
  base_c: { base_c_reader: { public: 'SELECT' }, base_c_indexer: { public: 'SELECT' } },
  auditoria: {
    auditoria_writer: { public: 'INSERT' },
    auditoria_reader: { public: 'SELECT' },
    auditoria_auditor: { public: 'SELECT', transparency: 'SELECT, INSERT, UPDATE, DELETE' },
  },
} as const satisfies Record<BaseDatabase | 'auditoria', Readonly<Record<string, Privileges>>>;

export type EmbeddedDatabase = keyof typeof databases;
const names = Object.keys(databases) as EmbeddedDatabase[];
const ownerOf = (database: EmbeddedDatabase): string => `${database}_owner`;
const rolesOf = (database: EmbeddedDatabase): string[] => [ownerOf(database), ...Object.keys(databases[database])];

/** Connection strings of a server's bases, by role: `base_a_reader`, `base_a_owner`, … `auditoria_writer`. */
export type BaseUrls = (role: string) => string;

/** The password of each role. */
export type RolePasswords = Readonly<Record<string, string>>;

/** Text is UTF-8 and sorts by bytes, whatever the defaults of the server. */
const SORTED_BY_BYTES = `TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'`;

/** Creates the missing databases and roles of the embedded cluster. Passwords are stored beside its data. */
export async function ensureEmbeddedBases(cluster: PostgresCluster): Promise<BaseUrls> {
  return ensureBases(cluster.superuserUrl, await readOrMakePasswords(join(cluster.place.home, 'role-passwords.json')));
}

/**
 * Creates the four databases and their roles on a PostgreSQL where they are missing, and sets the roles' passwords.
 *
 * @param superuserUrl connection string of a superuser for a database of that server
 * @param prefix prefix of the name of every database and role; default: none
 */
export async function ensureBases(
  superuserUrl: (database: string) => string,
  passwords: RolePasswords,
  prefix = '',
): Promise<BaseUrls> {
  const databaseOf = new Map<string, EmbeddedDatabase>();
  for (const database of names) {
    for (const role of rolesOf(database)) databaseOf.set(role, database);
    await ensureDatabase(superuserUrl, database, passwords, prefix);
  }
  return (role) => {
    const database = databaseOf.get(role);
    if (!database) throw new RangeError(`no base has a role ${role}`);
    const url = new URL(superuserUrl(prefix + database));
    url.username = prefix + role;
    url.password = passwords[role]!;
    return url.href;
  };
}

export function newPasswords(): RolePasswords {
  return Object.fromEntries(names.flatMap(rolesOf).map((role) => [role, randomBytes(18).toString('base64url')]));
}

async function readOrMakePasswords(file: string): Promise<RolePasswords> {
  const passwords = newPasswords();
  const names = Object.keys(passwords) as (keyof RolePasswords)[];
  const storedPasswords = await readJsonFile(
    file,
    z.partialRecord(z.enum(names), z.string()),
    'remove it and the roles get new passwords',
  );
  // A role of a newer version has no password yet.
  const allPasswords: RolePasswords = { ...passwords, ...(storedPasswords as RolePasswords | undefined) };
  if (names.some((name) => storedPasswords?.[name] === undefined))
    await writeAtomically(file, JSON.stringify(allPasswords), { mode: 0o600 });
  return allPasswords;
}

async function ensureDatabase(
  superuserUrl: (database: string) => string,
  plainName: EmbeddedDatabase,
  passwords: RolePasswords,
  prefix: string,
): Promise<void> {
  const database = prefix + plainName;
  const owner = prefix + ownerOf(plainName);
  await withClient(superuserUrl('postgres'), async (client) => {
    for (const role of rolesOf(plainName)) {
      const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [prefix + role]);
      const password = client.escapeLiteral(passwords[role]!);
      await client.query(`${rowCount ? 'ALTER' : 'CREATE'} ROLE ${prefix}${role} LOGIN PASSWORD ${password}`);
    }
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (!rowCount) await client.query(`CREATE DATABASE ${database} OWNER ${owner} ${SORTED_BY_BYTES}`);
    await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  });
  await withClient(superuserUrl(database), async (client) => {
    await client.query(`ALTER SCHEMA public OWNER TO ${owner}`);
    for (const [plainRole, privileges] of Object.entries<Privileges>(databases[plainName])) {
      const role = prefix + plainRole;
      await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${role}`);
      for (const [schema, privilege] of Object.entries(privileges)) {
        if (schema !== 'public') await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${owner}`);
        await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
        for (const statement of grants(owner, role, schema, privilege)) await client.query(statement);
      }
    }
  });
}

/** The grants for the tables that are there, which an older version has made, and for those to come. */
function* grants(owner: string, role: string, schema: string, privilege: string): Generator<string> {
  yield `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA ${schema} GRANT ${privilege} ON TABLES TO ${role}`;
  yield `GRANT ${privilege} ON ALL TABLES IN SCHEMA ${schema} TO ${role}`;
  if (privilege !== 'SELECT') return;
  // An indexer checks whether the sequence that numbers postings was set back.
  yield `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA ${schema} GRANT SELECT ON SEQUENCES TO ${role}`;
  yield `GRANT SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`;
}

async function withClient(connectionString: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
