import { generateKeyPairSync, randomInt, randomUUID, randomUUIDv7 } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { postgresAccessReader } from '@pessoa/audit/access-reader';
import { openAuditLogOfCommand } from '@pessoa/audit/audit-log';
import { openAuditReaders } from '@pessoa/audit/audit-pool';
import { personMarker } from '@pessoa/audit/person-marks';
import { checkPlacedRecords } from '@pessoa/auditor/checks/record-check';
import { indexThreads } from '@pessoa/auditor/people/index-threads';
import { nodeCache } from '@pessoa/auditor/people/node-cache';
import { personKeys } from '@pessoa/auditor/people/person-keys';
import { keepProofs } from '@pessoa/auditor/people/stored-proofs';
import { provePerson } from '@pessoa/auditor/proofs/person-proofs';
import { proveRecords } from '@pessoa/auditor/proofs/record-proofs';
import { placeRecords } from '@pessoa/auditor/tree/place-records';
import { keptTiles } from '@pessoa/auditor/tree/kept-tiles';
import { readTree } from '@pessoa/auditor/tree/stored-tree';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { readArguments, runCommand, UsageError } from '@pessoa/service/processes/command-line';
import { formatCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { formatMapLine } from '@pessoa/transparency-log/checkpoints/map-extension';
import { ed25519Signer, signNote } from '@pessoa/transparency-log/notes/signed-note';
import pg from 'pg';
import { BUSY_PEOPLE, type LongAudit, openLongAudit, PEOPLE, person } from './long-audit/long-audit.ts';
import { percentile } from './measurements.ts';
import { root } from './system.ts';

/** The limits: records a second on one core, and the times of a proof and of a person's list, in milliseconds. */
const RATE_MIN = 2_000;
const PROOF_MAX_MILLIS = 5;
const LIST_MAX_MILLIS = 20;

const ASKED = 1_000;
/** Records that get their places while it is measured. */
const KNOWN_RECORDS = 20_000;
const NEW_PEOPLE = 2_000;
const CHECKED_TILES = 200;
/** What Event asks for a page of twenty. */
const PAGE_ROWS = 21;

/** The same in each run: an audit that was kept is used again. */
const cpfHashKey = Buffer.alloc(32, 7);
const vrfSecret = Buffer.alloc(32, 9);
const keys = personKeys(vrfSecret, cpfHashKey);
const markPerson = personMarker(cpfHashKey);

/** What a service records of a read. */
const USUAL = {
  clientId: 'loja',
  sujeito: 'atendente',
  campos: ['nome', 'dividas.nodes.valor'],
  finalidade: 'CONCESSAO_CREDITO' as const,
  consentimento: 'consentimento',
  ordemJudicial: undefined,
  peloTitular: false,
  resultado: 'ATENDIDO' as const,
  operacao: 'Pessoa',
  servico: 'router',
};

const command = {
  name: 'npm run bench:auditor',
  about:
    'Measures the audit of five years: how fast the auditor places, checks and proves, and how fast a list is read.',
  options: {
    records: { type: 'string', value: 'N', about: 'records in the audit; default: 1000000' },
    placed: { type: 'string', value: 'N', about: 'so many get their places from the auditor; default: 1000000' },
    home: {
      type: 'string',
      value: 'DIR',
      about: 'keeps the audit there, and measures it again; default: it is removed',
    },
  },
} as const;

await runCommand(command, async (args) => {
  const { records = '1000000', placed = '1000000', home } = readArguments(command, args).values;
  for (const count of [records, placed])
    if (!/^[1-9]\d{4,8}$/.test(count)) throw new UsageError('--records and --placed are whole numbers from 10000');
  const folder = home === undefined ? join(root, '.pessoa', 'bench-auditor') : resolve(home);
  const audit = await openLongAudit({
    home: folder,
    records: Number(records),
    placed: Number(placed),
    cpfHashKey,
    keys,
  });
  try {
    const pool = openAuditReaders({ url: audit.urlOf('auditoria_auditor'), timeoutMillis: 10_000 }, 1);
    await publish(audit);
    await measureKeptProofs(audit);
    await measureLists(audit);
    await measureProofs(pool, Number(placed));
    await measurePersonProofs(pool);
    await pool.end();
    await measureCheck(audit);
    await measurePlaces(audit, KNOWN_RECORDS, 'people who are known', () => person(randomInt(PEOPLE + BUSY_PEOPLE)));
    let next = 900_000_000 + randomInt(90_000_000);
    await measurePlaces(audit, NEW_PEOPLE, 'new people', () => person(next++));
  } finally {
    await audit.cluster.stop();
    if (home === undefined) {
      await rm(folder, { recursive: true, force: true });
      await rm(audit.cluster.place.home, { recursive: true, force: true });
    }
  }
});

/** The session of a leader. */
async function asLeader<T>({ urlOf }: LongAudit, work: (db: pg.PoolClient) => Promise<T>): Promise<T> {
  const options = '-c plan_cache_mode=force_generic_plan';
  const pool = new pg.Pool({ connectionString: urlOf('auditoria_auditor'), max: 1, options });
  const db = await pool.connect();
  try {
    return await work(db);
  } finally {
    db.release();
    await pool.end();
  }
}

/** Wall time and this process's CPU of `work`, in seconds. */
async function timed(work: () => Promise<void>): Promise<{ wall: number; cpu: number }> {
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - began) / 1_000, cpu: (user + system) / 1e6 };
}

/** Asks one after the other, and prints the times beside their limit. */
async function measureEach(what: string, limitMillis: number, asked: readonly (() => Promise<void>)[]): Promise<void> {
  const millis: number[] = [];
  for (const ask of asked) {
    const began = performance.now();
    await ask();
    millis.push(performance.now() - began);
  }
  const [p50, p99] = [percentile(millis, 0.5), percentile(millis, 0.99)];
  console.log(`${what}: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms of ${millis.length}; ${(p99 / limitMillis).toFixed(2)} of the limit of ${limitMillis} ms`); // prettier-ignore
}

/** A checkpoint of all records, as the auditor publishes it. */
async function publish(audit: LongAudit): Promise<void> {
  await asLeader(audit, async (db) => {
    const { size, root: treeRoot, mapRoot } = await readTree(db);
    const signer = ed25519Signer('bench.example', generateKeyPairSync('ed25519').privateKey);
    const extensions = [formatMapLine({ vrfPublicKey: keys.vrfPublicKey, root: mapRoot })];
    const note = signNote(formatCheckpoint({ origin: signer.name, size, root: treeRoot, extensions }), [signer]);
    await db.query('INSERT INTO transparency.checkpoint (size, note) VALUES ($1, $2) ON CONFLICT DO NOTHING', [size, note]); // prettier-ignore
  });
}

/** Stores the proofs of people, as the leader does while no record waits for its place. */
async function measureKeptProofs(audit: LongAudit): Promise<void> {
  await asLeader(audit, async (db) => {
    const { size } = await readTree(db);
    const countProofs = async (): Promise<number> =>
      (await db.query<{ count: number }>('SELECT count(*)::int AS count FROM transparency.person_proof')).rows[0]!
        .count;
    const before = await countProofs();
    const keepSome = keepProofs(keys);
    let steps = 0;
    const { wall } = await timed(async () => {
      while (!(await keepSome(db, size))) steps++;
    });
    const proofs = (await countProofs()) - before;
    console.log(`proofs of people: ${proofs} stored in ${wall.toFixed(1)} s, over ${steps} steps`);
  });
}

async function measureLists({ urlOf }: LongAudit): Promise<void> {
  const reader = postgresAccessReader(openAuditReaders({ url: urlOf('auditoria_reader'), timeoutMillis: 10_000 }, 1));
  const hash = (n: number): string => markPerson(person(n)).cpfHash;
  const month = new Date(Date.now() - 30 * 86_400_000);
  const ask = (people: readonly number[], from?: Date) => async (): Promise<void> =>
    void (await reader.find({ cpfHashes: people.map(hash), from, limit: PAGE_ROWS }));
  const some = (count: number): number[] => Array.from({ length: count }, () => randomInt(PEOPLE));
  for (const warm of [ask(some(1)), ask(some(1), month)]) await warm(); // a plan is made once for a connection
  await measureEach(
    "a person's list, first page",
    LIST_MAX_MILLIS,
    Array.from({ length: ASKED }, () => ask(some(1))),
  );
  await measureEach("a busy person's", LIST_MAX_MILLIS, Array.from({ length: ASKED }, (_, n) => ask([PEOPLE + (n % BUSY_PEOPLE)]))); // prettier-ignore
  await measureEach("a person's of the last month", LIST_MAX_MILLIS, Array.from({ length: ASKED }, () => ask(some(1), month))); // prettier-ignore
  await measureEach(
    'lists of ten people',
    LIST_MAX_MILLIS,
    Array.from({ length: ASKED / 10 }, () => ask(some(10))),
  );
  await reader.close();
}

async function measureProofs(pool: pg.Pool, placed: number): Promise<void> {
  const places = Array.from({ length: ASKED + 1 }, () => randomInt(placed));
  const { rows } = await pool.query<{ interacao: string; client_id: string; sujeito: string }>(
    `SELECT a.interacao, a.client_id, a.sujeito FROM unnest($1::bigint[]) AS asked (place)
     JOIN transparency.leaf l ON l.place = asked.place JOIN acesso a ON a.id = l.acesso_id`,
    [places],
  );
  const sources = { db: pool, keys, readTiles: keptTiles() };
  const asked = rows.map(({ interacao, client_id: clientId, sujeito }) => async (): Promise<void> => {
    const proven = await proveRecords(sources, { interacao, clientId, sujeito, after: undefined });
    if (proven === 'pending' || proven.records.length !== 1) throw new Error('a record has no proof');
  });
  await asked[0]!();
  await measureEach('the proof of a read', PROOF_MAX_MILLIS, asked.slice(1));
}

async function measurePersonProofs(pool: pg.Pool): Promise<void> {
  const ask = (n: number) => async (): Promise<void> => {
    const proven = await provePerson(pool, keys, person(n), 0, new Date());
    if (proven === 'pending' || proven.registros.length === 0) throw new Error('a person has no list');
  };
  await ask(1)();
  const ofPeople = Array.from({ length: ASKED / 5 }, () => ask(randomInt(PEOPLE / 100) * 100 + 1));
  await measureEach("a holder's list with its proof", PROOF_MAX_MILLIS, ofPeople);
  await measureEach("a busy holder's, 1,000 records", PROOF_MAX_MILLIS, Array.from({ length: BUSY_PEOPLE }, (_, n) => ask(PEOPLE + n))); // prettier-ignore
}

async function measureCheck(audit: LongAudit): Promise<void> {
  await asLeader(audit, async (db) => {
    const tree = await readTree(db);
    const { wall } = await timed(async () => {
      for (let index = 0; index < CHECKED_TILES; index++) {
        const faults = await checkPlacedRecords(db, index, tree, keys);
        if (faults.length > 0) throw new Error(`the check found ${faults.length} faults`);
      }
    });
    console.log(`check: ${((CHECKED_TILES * 256) / wall).toFixed(0)} records/s`);
  });
}

/** Records that a run which was stopped has left. */
async function placeWaiting(audit: LongAudit): Promise<void> {
  await asLeader(audit, async (db) => {
    const people = { keys, cache: nodeCache() };
    let placed = await placeRecords(db, await readTree(db), people);
    while (placed.isFull) placed = await placeRecords(db, placed.tree, people);
  });
}

/** Writes records as a service does, and measures how fast they get their places. */
async function measurePlaces(
  audit: LongAudit,
  records: number,
  whom: string,
  nextPerson: () => ReturnType<typeof person>,
) {
  await placeWaiting(audit);
  const log = openAuditLogOfCommand({ url: audit.urlOf('auditoria_writer'), timeoutMillis: 30_000 }, createMetrics('bench')); // prettier-ignore
  const at = new Date();
  for (let from = 0; from < records; from += 500)
    await log.record(Array.from({ length: Math.min(500, records - from) }, () => ({ ...USUAL, ...markPerson(nextPerson()), id: randomUUIDv7(), dataHora: at, interacao: randomUUID() }))); // prettier-ignore
  await log.close();
  await asLeader(audit, async (db) => {
    let tree = await readTree(db);
    const size = tree.size + records;
    const threads = indexThreads(vrfSecret, keys);
    const people = { keys, cache: nodeCache(), indicesOf: threads.indicesOf };
    const { wall, cpu } = await timed(async () => {
      while (tree.size < size) tree = (await placeRecords(db, tree, people)).tree;
    });
    await threads.close();
    const rate = records / wall;
    console.log(`places, ${whom}: ${rate.toFixed(0)} records/s with PostgreSQL beside it, ${((cpu * 1e6) / records).toFixed(1)} us of node's CPU a record; ${(rate / RATE_MIN).toFixed(2)} of the ${RATE_MIN} that it must keep up with`); // prettier-ignore
  });
}
