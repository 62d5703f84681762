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
import { median } from './median.ts';
import { root } from './system.ts';

const PEOPLE = 20_000;
const LINES = 100_000;
const ROUNDS = 5;

export interface ImportFigures {
  readonly importRowsASecond: number;
  readonly copyRowsASecond: number;
  readonly ratio: number;
}

/**
 * Lines a second of `npm run import -- base-b bens.csv` beside `COPY FROM STDIN` of the same file into the same empty
 * table, with its primary key, foreign key and index, the people being there.
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
    const rounds: { imported: number; copied: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await empty(superuser);
      const copied = await seconds(() => copy(superuser, file));
      await empty(superuser);
      const imported = await seconds(async () => {
        const { counts } = await importFile({ file, kind: bens, connectionString });
        if (counts.inseridas !== LINES) throw new Error(`${counts.inseridas} of ${LINES} lines were imported`);
      });
      rounds.push({ imported: LINES / imported, copied: LINES / copied });
    }
    await superuser.end();
    return {
      importRowsASecond: median(rounds.map(({ imported }) => imported)),
      copyRowsASecond: median(rounds.map(({ copied }) => copied)),
      ratio: median(rounds.map(({ imported, copied }) => imported / copied)),
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
    const id = `bem-${String((index * 7_919) % LINES).padStart(6, '0')}`; // not in order, as files come
    return `${id},${cpfs[(index * 31) % PEOPLE]},VEICULO,Automóvel de teste ${index},${index % 90_000}.50,2026-03-01,true,${index % 9_000}.00,100,SP`;
  });
  const header = bens.columns.map(({ name }) => name).join(',');
  await writeFile(file, `${header}\n${lines.join('\n')}\n`);
}

async function empty(client: pg.Client): Promise<void> {
  await client.query('TRUNCATE bem');
  await client.query('CHECKPOINT');
}

async function copy(client: pg.Client, file: string): Promise<void> {
  const columns = bens.columns.map(({ name }) => name).join(', ');
  const target = client.query(copyFrom(`COPY bem (${columns}) FROM STDIN WITH (FORMAT csv, HEADER)`));
  await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), target);
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}
