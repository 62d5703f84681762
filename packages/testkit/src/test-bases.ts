import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { TEST_CLUSTER_VARIABLE, type TestClusterInfo } from './test-cluster.ts';

/** A test's own database, migrated and empty. */
export interface TestBase {
  readonly readerUrl: string;
  readonly ownerUrl: string;
  /** Owner's pool, for a test to make its people with. */
  readonly owner: pg.Pool;
}

export interface TestBases {
  readonly baseA: TestBase;
  readonly baseB: TestBase;
  readonly baseC: TestBase;
  readonly auditoria: TestBase & { readonly writerUrl: string };
  drop(): Promise<void>;
}

export function clusterInfo(): TestClusterInfo {
  const text = process.env[TEST_CLUSTER_VARIABLE];
  if (!text) throw new Error('no test cluster: run the tests by `npm test`, whose global setup starts one');
  return JSON.parse(text) as TestClusterInfo;
}

/** Makes four databases of a test's own, in about 0.2 s. */
export async function openTestBases(): Promise<TestBases> {
  const { superuserUrl, roleUrls } = clusterInfo();
  const admin = new pg.Client({ connectionString: superuserUrl });
  await admin.connect();
  const suffix = randomBytes(6).toString('hex');
  const pools: pg.Pool[] = [];
  const made: string[] = [];

  const open = async (template: string, reader: string): Promise<TestBase> => {
    const database = `${template}_${suffix}`;
    await createFrom(admin, database, template);
    made.push(database);
    const at = (role: string): string => roleUrls[role]!.replace(/\/[^/]+$/, `/${database}`);
    const owner = new pg.Pool({ connectionString: at(`${template}_owner`), max: 4 });
    owner.on('error', () => {}); // dropping the database ends its idle connections
    pools.push(owner);
    return { ownerUrl: at(`${template}_owner`), readerUrl: at(reader), owner };
  };

  const baseA = await open('base_a', 'base_a_reader');
  const baseB = await open('base_b', 'base_b_reader');
  const baseC = await open('base_c', 'base_c_reader');
  const auditoria = await open('auditoria', 'auditoria_reader');
  const writerUrl = roleUrls['auditoria_writer']!.replace(/\/[^/]+$/, `/auditoria_${suffix}`);
  return {
    baseA,
    baseB,
    baseC,
    auditoria: { ...auditoria, writerUrl },
    async drop() {
      await Promise.all(pools.map((pool) => pool.end()));
      for (const database of made) await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
      await admin.end();
    },
  };
}

/** Two tests that copy one template at the same time get "being accessed by other users": then it is the next one's turn. */
async function createFrom(admin: pg.Client, database: string, template: string): Promise<void> {
  await admin.query('SELECT pg_advisory_lock(4711)');
  try {
    await admin.query(`CREATE DATABASE ${database} TEMPLATE ${template} OWNER ${template}_owner`);
  } finally {
    await admin.query('SELECT pg_advisory_unlock(4711)');
  }
}

/** Inserts rows given as objects whose keys are the columns. */
export async function insert(pool: pg.Pool, table: string, ...rows: Record<string, unknown>[]): Promise<void> {
  for (const row of rows) {
    const columns = Object.keys(row).join(', ');
    const places = Object.keys(row).map((_, index) => `$${index + 1}`).join(', '); // prettier-ignore
    await pool.query(`INSERT INTO ${table} (${columns}) VALUES (${places})`, Object.values(row));
  }
}
