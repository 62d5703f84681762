import { createReadStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ensureEmbeddedBases } from '@pessoa/databases/embedded/embedded-bases';
import { startPostgres } from '@pessoa/databases/embedded/postgres-cluster';
import { applyMigrations } from '@pessoa/databases/migrations';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { importFile } from '@pessoa/operations/import/import-file';
import { bens } from '@pessoa/operations/import/kinds/base-b';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { median, secondsOf } from './measurements.ts';
import { root } from './system.ts';

const PEOPLE = 20_000;
const LINES = 100_000;
const ROUNDS = 5;

export interface ImportFigures {
  readonly importRowsPerSecond: number;
  readonly copyRowsPerSecond: number;
  readonly ratio: number;
}

/**
 * Compares `npm run import -- base-b bens.csv` with `COPY FROM STDIN` of the same file into the same empty table, with its
 * primary key, foreign key and index. The people of the file are in the base.
 */
export async function measureImport(): Promise<ImportFigures> {
  const home = join(root, '.pessoa', 'bench-import');
  await mkdir(home, { recursive: true });
  const cluster = await startPostgres({ home, settings: { max_wal_size: '4GB' } });
  try {
    const connectionString = (await ensureEmbeddedBases(cluster))('base_b_owner');
    await applyMigrations(connectionString, join(root, 'subgraphs', 'score', 'prisma', 'migrations'));
    const superuser = new pg.Client({ connectionString: cluster.superuserUrl('base_b') });
    await superuser.connect();
    const file = join(home, 'bens.csv');
    await prepare(superuser, file);
    const rounds: { importRate: number; copyRate: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await emptyTable(superuser);
      const copySeconds = await secondsOf(() => copyFile(superuser, file));
      await emptyTable(superuser);
      const importSeconds = await secondsOf(async () => {
        const { counts } = await importFile({ file, kind: bens, connectionString });
        if (counts.inserted !== LINES) throw new Error(`${counts.inserted} of ${LINES} lines were imported`);
      });
      rounds.push({ importRate: LINES / importSeconds, copyRate: LINES / copySeconds });
    }
    await superuser.end();
    return {
      importRowsPerSecond: median(rounds.map((round) => round.importRate)),
      copyRowsPerSecond: median(rounds.map((round) => round.copyRate)),
      ratio: median(rounds.map(({ importRate, copyRate }) => importRate / copyRate)),
    };
  } finally {
    await cluster.stop();
    await rm(home, { recursive: true, force: true });
    await rm(cluster.place.home, { recursive: true, force: true });
  }
}

async function prepare(client: pg.Client, file: string): Promise<void> {
  const cpfs = Array.from({ length: PEOPLE }, (_, index) => cpfFromBase(String(300_000_000 + index)));
  await client.query('INSERT INTO titular (cpf) SELECT unnest($1::bpchar[]) ON CONFLICT DO NOTHING', [cpfs]);
  const lines = Array.from({ length: LINES }, (_, index) => {
    const id = `bem-${String((index * 7_919) % LINES).padStart(6, '0')}`; // not sorted, like most files
    return `${id},${cpfs[(index * 31) % PEOPLE]},VEICULO,Automóvel de teste ${index},${index % 90_000}.50,2026-03-01,true,${index % 9_000}.00,100,SP`;
  });
  const header = bens.columns.map(({ name }) => name).join(',');
  await writeFile(file, `${header}\n${lines.join('\n')}\n`);
}

async function emptyTable(client: pg.Client): Promise<void> {
  await client.query('TRUNCATE bem');
  await client.query('CHECKPOINT');
}

async function copyFile(client: pg.Client, file: string): Promise<void> {
  const columns = bens.columns.map(({ name }) => name).join(', ');
  const target = client.query(copyFrom(`COPY bem (${columns}) FROM STDIN WITH (FORMAT csv, HEADER)`));
  await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), target);
}
