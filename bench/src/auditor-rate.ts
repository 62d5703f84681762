import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { auditMigrations } from '@pessoa/audit/migrations';
import { personMarker } from '@pessoa/audit/person-marks';
import { checkPlacedRecords } from '@pessoa/auditor/checks/record-check';
import { nodeCache } from '@pessoa/auditor/people/node-cache';
import { personKeys } from '@pessoa/auditor/people/person-keys';
import { proveRecords } from '@pessoa/auditor/proofs/record-proofs';
import { placeRecords } from '@pessoa/auditor/tree/place-records';
import { readTree } from '@pessoa/auditor/tree/stored-tree';
import { ensureEmbeddedBases } from '@pessoa/databases/embedded/embedded-bases';
import { startPostgres } from '@pessoa/databases/embedded/postgres-cluster';
import { applyMigrations } from '@pessoa/databases/migrations';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { readArguments, runCommand, UsageError } from '@pessoa/service/processes/command-line';
import pg from 'pg';
import { percentile } from './measurements.ts';
import { root } from './system.ts';

/** The limits of docs/audit.md: records a second on one core, and the time of a proof. */
const RATE_MIN = 2_000;
const PROOF_MAX_MILLIS = 5;
const PROOFS = 1_000;
const FILL_ROWS = 100_000;
/** Each costs the VRF once, when the first record of theirs gets its place. */
const PEOPLE = 25_000;

const cpfHashKey = randomBytes(32);
const keys = personKeys(randomBytes(32), cpfHashKey);

const command = {
  name: 'npm run bench:auditor',
  about: 'Measures how fast the auditor gives records their places, checks them and proves them, beside its limits.',
  options: { records: { type: 'string', value: 'N', about: 'records in the log; default: 1000000' } },
} as const;

await runCommand(command, async (args) => {
  const records = Number(readArguments(command, args).values.records ?? 1_000_000);
  if (!Number.isInteger(records) || records < FILL_ROWS)
    throw new UsageError(`--records is a whole number from ${FILL_ROWS}`);
  const home = join(root, '.pessoa', 'bench-auditor');
  await mkdir(home, { recursive: true });
  const cluster = await startPostgres({ home, settings: { max_wal_size: '4GB' } });
  try {
    const urlOf = await ensureEmbeddedBases(cluster);
    await applyMigrations(urlOf('auditoria_owner'), auditMigrations);
    await fill(urlOf('auditoria_owner'), records);
    const pool = new pg.Pool({ connectionString: urlOf('auditoria_auditor'), max: 1 });
    await measurePlaces(pool, records);
    await measureCheck(pool, records);
    await measureProofs(pool);
    await pool.end();
  } finally {
    await cluster.stop();
    await rm(home, { recursive: true, force: true });
    await rm(cluster.place.home, { recursive: true, force: true });
  }
});

async function fill(url: string, records: number): Promise<void> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  const markPerson = personMarker(cpfHashKey);
  const people = Array.from({ length: PEOPLE }, (_, n) => markPerson(cpfFromBase(String(n + 1).padStart(9, '0'))));
  await owner.query(
    `CREATE TEMPORARY TABLE people AS
     SELECT n - 1 AS n, cpf_hash, decode(cifrado, 'hex') AS cpf_cifrado
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS marks (cpf_hash, cifrado, n)`,
    [people.map(({ cpfHash }) => cpfHash), people.map(({ cpfCifrado }) => cpfCifrado)],
  );
  for (let from = 0; from < records; from += FILL_ROWS)
    await owner.query(
      `INSERT INTO acesso SELECT gen_random_uuid(), p.cpf_hash, 'loja-' || n % 40, 'atendente-' || n % 900,
              ARRAY['nome', 'dividas.nodes.valor', 'score.valor', 'eventos.ultimaCompraCartao.valor'], 'CONCESSAO_CREDITO',
              'consentimento-' || n, NULL, false, 'ATENDIDO', now() - ($2 - n) * interval '0.5 millisecond',
              gen_random_uuid(), 'Pessoa', 'router', p.cpf_cifrado
       FROM generate_series($1::int, $1::int + $3::int - 1) n JOIN people p ON p.n = n % ${PEOPLE}`,
      [from, records, Math.min(FILL_ROWS, records - from)],
    );
  await owner.query('VACUUM ANALYZE acesso');
  await owner.end();
}

/** Wall time and this process's CPU of `work`, in seconds. */
async function timed(work: () => Promise<void>): Promise<{ wall: number; cpu: number }> {
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - began) / 1_000, cpu: (user + system) / 1e6 };
}

async function measurePlaces(pool: pg.Pool, records: number): Promise<void> {
  const db = await pool.connect();
  const { wall, cpu } = await timed(async () => {
    let tree = await readTree(db);
    const people = { keys, cache: nodeCache() };
    while (tree.size < records) tree = (await placeRecords(db, tree, people)).tree;
  });
  db.release();
  const rate = records / wall;
  console.log(`places: ${rate.toFixed(0)} records/s with PostgreSQL beside it, ${((cpu * 1e6) / records).toFixed(1)} us of node's CPU a record; ${(rate / RATE_MIN).toFixed(2)} of the ${RATE_MIN} that it must keep up with`); // prettier-ignore
}

async function measureCheck(pool: pg.Pool, records: number): Promise<void> {
  const db = await pool.connect();
  const tree = await readTree(db);
  const tiles = Math.floor(Math.min(records, 100_000) / 256);
  const { wall } = await timed(async () => {
    for (let index = 0; index < tiles; index++) {
      const faults = await checkPlacedRecords(db, index, tree, keys);
      if (faults.length > 0) throw new Error(`the check found ${faults.length} faults`);
    }
  });
  db.release();
  console.log(`check: ${((tiles * 256) / wall).toFixed(0)} records/s`);
}

async function measureProofs(pool: pg.Pool): Promise<void> {
  await pool.query("INSERT INTO transparency.checkpoint (size, note) SELECT size, 'bench' FROM transparency.tree");
  const { rows } = await pool.query<{ interacao: string; client_id: string; sujeito: string }>(
    'SELECT interacao, client_id, sujeito FROM acesso TABLESAMPLE SYSTEM (1) LIMIT $1',
    [PROOFS],
  );
  const millis: number[] = [];
  for (const { interacao, client_id: clientId, sujeito } of rows) {
    const began = performance.now();
    const proven = await proveRecords(pool, keys, { interacao, clientId, sujeito, after: undefined });
    millis.push(performance.now() - began);
    if (proven === 'pending' || proven.records.length !== 1) throw new Error('a record has no proof');
  }
  const [p50, p99] = [percentile(millis, 0.5), percentile(millis, 0.99)];
  console.log(`proof: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms of ${millis.length}; ${(p99 / PROOF_MAX_MILLIS).toFixed(2)} of the limit of ${PROOF_MAX_MILLIS} ms`); // prettier-ignore
}
