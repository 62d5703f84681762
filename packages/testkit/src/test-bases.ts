import { randomBytes } from 'node:crypto';
import { baseDatabase, type PerBase, perBase, perBaseInTurn } from '@pessoa/domain/services';
import pg from 'pg';
import { TEST_CLUSTER_VARIABLE, type TestClusterInfo } from './test-cluster.ts';

/** A test's own database, migrated and empty. */
export interface TestBase {
  readonly readerUrl: string;
  readonly ownerUrl: string;
  /** Pool of the owner, for the test's rows. */
  readonly owner: pg.Pool;
}

export interface TestBases extends PerBase<TestBase> {
  /** Base C for an indexer, whose role is its own. */
  readonly indexerUrl: string;
  readonly auditoria: TestBase & { readonly writerUrl: string; readonly auditorUrl: string };
  drop(): Promise<void>;
}

export function clusterInfo(): TestClusterInfo {
  const text = process.env[TEST_CLUSTER_VARIABLE];
  if (!text) throw new Error('no test cluster: run the tests with `npm test`, whose global setup starts it');
  return JSON.parse(text) as TestClusterInfo;
}

/** Creates a test's own four databases, in about 0.2 s. */
export async function openTestBases(): Promise<TestBases> {
  const { superuserUrl, roleUrls } = clusterInfo();
  const admin = new pg.Client({ connectionString: superuserUrl });
  await admin.connect();
  const suffix = randomBytes(6).toString('hex');
  const pools: pg.Pool[] = [];
  const databases: string[] = [];

  const at = (role: string): string => `${roleUrls[role]}_${suffix}`;
  const open = async (base: string): Promise<TestBase> => {
    const template = new URL(roleUrls[`${base}_owner`]!);
    const database = `${template.pathname.slice(1)}_${suffix}`;
    await createFrom(admin, database, template);
    databases.push(database);
    const owner = new pg.Pool({ connectionString: at(`${base}_owner`), max: 4 });
    owner.on('error', () => {}); // dropping the database ends its idle connections
    pools.push(owner);
    return { ownerUrl: at(`${base}_owner`), readerUrl: at(`${base}_reader`), owner };
  };

  const bases = await perBaseInTurn((base) => open(baseDatabase(base)));
  const auditoria = await open('auditoria');
  return {
    ...bases,
    indexerUrl: at('base_c_indexer'),
    auditoria: { ...auditoria, writerUrl: at('auditoria_writer'), auditorUrl: at('auditoria_auditor') },
    async drop() {
      await Promise.all(pools.map((pool) => pool.end()));
      for (const database of databases) await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
      await admin.end();
    },
  };
}

/** Locks, because two tests that copy one template at the same time get "being accessed by other users". */
async function createFrom(admin: pg.Client, database: string, { pathname, username }: URL): Promise<void> {
  await admin.query('SELECT pg_advisory_lock(4711)');
  try {
    await admin.query(`CREATE DATABASE ${database} TEMPLATE ${pathname.slice(1)} OWNER ${username}`);
  } finally {
    await admin.query('SELECT pg_advisory_unlock(4711)');
  }
}

/** The connection strings of the bases' owners. */
export const ownerUrls = (bases: TestBases): PerBase<string> => perBase((base) => bases[base].ownerUrl);

/** The databases as variables of services and commands. */
export const databaseVariables = ({ baseA, baseB, baseC, auditoria }: TestBases) => ({
  BASE_A_URL: baseA.readerUrl,
  BASE_A_ADMIN_URL: baseA.ownerUrl,
  BASE_B_URL: baseB.readerUrl,
  BASE_B_ADMIN_URL: baseB.ownerUrl,
  BASE_C_URL: baseC.readerUrl,
  BASE_C_ADMIN_URL: baseC.ownerUrl,
  AUDIT_URL: auditoria.writerUrl,
  AUDIT_READER_URL: auditoria.readerUrl,
  AUDIT_AUDITOR_URL: auditoria.auditorUrl,
  AUDIT_ADMIN_URL: auditoria.ownerUrl,
});

/** Inserts rows. The keys of a row are its columns. */
export async function insert(pool: pg.Pool, table: string, ...rows: Record<string, unknown>[]): Promise<void> {
  for (const row of rows) {
    const columns = Object.keys(row).join(', ');
    const places = Object.keys(row).map((_, index) => `$${index + 1}`).join(', '); // prettier-ignore
    await pool.query(`INSERT INTO ${table} (${columns}) VALUES (${places})`, Object.values(row));
  }
}
