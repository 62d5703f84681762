import { mkdir } from 'node:fs/promises';
import { auditMigrations } from '@pessoa/audit/migrations';
import { personMarker } from '@pessoa/audit/person-marks';
import { nodeCache } from '@pessoa/auditor/people/node-cache';
import type { PersonKeys } from '@pessoa/auditor/people/person-keys';
import { placeRecords } from '@pessoa/auditor/tree/place-records';
import { readTree } from '@pessoa/auditor/tree/stored-tree';
import { type BaseUrls, ensureEmbeddedBases } from '@pessoa/databases/embedded/embedded-bases';
import { type PostgresCluster, startPostgres } from '@pessoa/databases/embedded/postgres-cluster';
import { applyMigrations } from '@pessoa/databases/migrations';
import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import pg from 'pg';
import { fillLeaves } from './fill-leaves.ts';

/** Months before this one that have a partition each. */
const PAST_MONTHS = 60;
/** Each costs the VRF once, when the first record of theirs gets its place. */
export const PEOPLE = 25_000;
/** People who share every hundredth record. */
export const BUSY_PEOPLE = 50;
/** Records of one transaction of the auditor while the audit is filled. */
const FILL_ROWS = 50_000;

/** Of the people, from 0; the busy ones follow. */
export const person = (n: number): Cpf => cpfFromBase(String(n + 1).padStart(9, '0'));

/** An audit of five years in a PostgreSQL of its own. */
export interface LongAudit {
  readonly cluster: PostgresCluster;
  readonly urlOf: BaseUrls;
}

export interface LongAuditOptions {
  /** The folder of the cluster. One that has an audit is used again, with the same keys. */
  readonly home: string;
  readonly records: number;
  /** So many of them, the first ones, get their places from the auditor's own code, the others from `fillLeaves`. */
  readonly placed: number;
  readonly cpfHashKey: Buffer;
  readonly keys: PersonKeys;
}

/** Opens the audit, and fills it up to so many records, over the months up to now. */
export async function openLongAudit({ home, records, placed, cpfHashKey, keys }: LongAuditOptions): Promise<LongAudit> {
  await mkdir(home, { recursive: true });
  const settings = { max_wal_size: '8GB', shared_buffers: '1GB', maintenance_work_mem: '512MB' };
  const cluster = await startPostgres({ home, settings });
  const urlOf = await ensureEmbeddedBases(cluster);
  await applyMigrations(urlOf('auditoria_owner'), auditMigrations);
  const owner = new pg.Client({ connectionString: urlOf('auditoria_owner') });
  const auditor = new pg.Pool({ connectionString: urlOf('auditoria_auditor'), max: 1 });
  await owner.connect();
  try {
    if ((await readTree(owner)).size < records) {
      await addPastMonths(owner);
      await addPeople(owner, cpfHashKey);
      await place(owner, auditor, Math.min(placed, records), records, keys);
      await fillLeaves(owner, records, recordsOf);
      for (const table of ['acesso', 'transparency.leaf', 'transparency.map_node', 'transparency.pending'])
        await owner.query(`VACUUM ANALYZE ${table}`);
    }
  } finally {
    await owner.end();
    await auditor.end();
  }
  return { cluster, urlOf };
}

/** An audit that began five years ago has these months. */
async function addPastMonths(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ isNew: boolean }>(
    `SELECT to_regclass('months.acesso_before') IS NOT NULL AS "isNew"`,
  );
  if (!rows[0]!.isNew) return;
  await owner.query('DROP TABLE months.acesso_before');
  await owner.query(
    `SELECT months.add((date_trunc('month', now() AT TIME ZONE 'UTC') - n * interval '1 month')::date)
     FROM generate_series(1, ${PAST_MONTHS}) n`,
  );
}

async function addPeople(owner: pg.Client, cpfHashKey: Buffer): Promise<void> {
  const markPerson = personMarker(cpfHashKey);
  const marks = Array.from({ length: PEOPLE + BUSY_PEOPLE }, (_, n) => markPerson(person(n)));
  await owner.query(
    `CREATE TEMPORARY TABLE people AS
     SELECT n - 1 AS n, cpf_hash, decode(cifrado, 'hex') AS cpf_cifrado
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS marks (cpf_hash, cifrado, n)`,
    [marks.map(({ cpfHash }) => cpfHash), marks.map(({ cpfCifrado }) => cpfCifrado)],
  );
  await owner.query('ANALYZE people');
}

/** The rows of $2 records from number $1 on, of $3: as the services write them, evenly over the months up to now. */
const recordsOf = `
  SELECT uuidv7(r.instant - clock_timestamp()), p.cpf_hash, 'loja-' || r.n % 40, 'atendente-' || r.n % 900,
         ARRAY['nome', 'dividas.nodes.valor', 'score.valor', 'eventos.ultimaCompraCartao.valor'], 'CONCESSAO_CREDITO',
         'consentimento-' || r.n, NULL, false, 'ATENDIDO', r.instant, gen_random_uuid(), 'Pessoa', 'router', p.cpf_cifrado
  FROM (SELECT n, now() - ($3::bigint - n) * (interval '${PAST_MONTHS} months' / $3::float8) AS instant
        FROM generate_series($1::bigint, $1::bigint + $2::bigint - 1) n) r
  JOIN people p ON p.n = CASE WHEN r.n % 100 = 0 THEN ${PEOPLE} + r.n / 100 % ${BUSY_PEOPLE} ELSE r.n % ${PEOPLE} END`;

/** Batches are spread over the five years. */
async function place(
  owner: pg.Client,
  auditor: pg.Pool,
  placed: number,
  records: number,
  keys: PersonKeys,
): Promise<void> {
  const db = await auditor.connect();
  try {
    const lead = { keys, cache: nodeCache() };
    let tree = await readTree(db);
    while (tree.size < placed) {
      const count = Math.min(FILL_ROWS, placed - tree.size);
      const from = Math.floor((tree.size / placed) * (records - count));
      await owner.query(`INSERT INTO acesso ${recordsOf}`, [from, count, records]);
      const until = tree.size + count;
      while (tree.size < until) tree = (await placeRecords(db, tree, lead, FILL_ROWS)).tree;
      process.stderr.write(`${tree.size} records\n`);
    }
  } finally {
    db.release();
  }
}
