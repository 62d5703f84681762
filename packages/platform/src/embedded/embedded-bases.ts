import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { PostgresCluster } from './postgres-cluster.ts';

/**
 * The databases of the embedded cluster and, for each, its roles with what they may do to every table. The owner
 * migrates, seeds and imports; nobody else writes to a base, and the audit can only be added to.
 */
const databases = {
  base_a: { base_a_reader: 'SELECT' },
  base_b: { base_b_reader: 'SELECT' },
  base_c: { base_c_reader: 'SELECT' },
  auditoria: { auditoria_writer: 'INSERT', auditoria_reader: 'SELECT' },
} as const;

export type EmbeddedDatabase = keyof typeof databases;
const names = Object.keys(databases) as EmbeddedDatabase[];
const ownerOf = (database: EmbeddedDatabase): string => `${database}_owner`;

/** Connection strings of the embedded cluster, by role: `base_a_reader`, `base_a_owner`, … `auditoria_writer`. */
export type EmbeddedUrls = (role: string) => string;

/** Makes, where missing, the databases and their roles. */
export async function ensureEmbeddedBases(cluster: PostgresCluster): Promise<EmbeddedUrls> {
  const passwords = await ensurePasswords(join(cluster.place.home, 'role-passwords.json'));
  const databaseOf = new Map<string, EmbeddedDatabase>();
  for (const database of names) {
    for (const role of [ownerOf(database), ...Object.keys(databases[database])]) databaseOf.set(role, database);
    await ensureDatabase(cluster, database, passwords);
  }
  return (role) => {
    const database = databaseOf.get(role);
    if (!database) throw new RangeError(`the embedded cluster has no role ${role}`);
    return `postgresql://${role}:${passwords[role]}@${cluster.host}:${cluster.port}/${database}`;
  };
}

async function ensurePasswords(file: string): Promise<Record<string, string>> {
  const known = await readFile(file, 'utf8').then((text) => JSON.parse(text) as Record<string, string>, () => undefined); // prettier-ignore
  if (known) return known;
  const roles = names.flatMap((database) => [ownerOf(database), ...Object.keys(databases[database])]);
  const passwords = Object.fromEntries(roles.map((role) => [role, randomBytes(18).toString('base64url')]));
  await writeFile(file, JSON.stringify(passwords), { mode: 0o600 });
  return passwords;
}

async function ensureDatabase(cluster: PostgresCluster, database: EmbeddedDatabase, passwords: Record<string, string>) {
  const owner = ownerOf(database);
  await withClient(cluster.superuserUrl('postgres'), async (client) => {
    for (const role of [owner, ...Object.keys(databases[database])]) {
      const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
      const password = client.escapeLiteral(passwords[role]!);
      await client.query(`${rowCount ? 'ALTER' : 'CREATE'} ROLE ${role} LOGIN PASSWORD ${password}`);
    }
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (!rowCount) await client.query(`CREATE DATABASE ${database} OWNER ${owner}`);
    await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  });
  await withClient(cluster.superuserUrl(database), async (client) => {
    await client.query(`ALTER SCHEMA public OWNER TO ${owner}`);
    for (const [role, privilege] of Object.entries(databases[database])) {
      await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${role}`);
      await client.query(`GRANT USAGE ON SCHEMA public TO ${role}`);
      await client.query(`ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} GRANT ${privilege} ON TABLES TO ${role}`);
    }
  });
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
