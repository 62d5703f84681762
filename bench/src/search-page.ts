import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startPostgres } from '@pessoa/databases/embedded/postgres-cluster';
import { applyMigrations } from '@pessoa/databases/migrations';
import { fixedClock } from '@pessoa/domain/data';
import { readMovimentacaoFilter, completeMovimentacaoFilter } from '@pessoa/event/movimentacoes/movimentacao-filter';
import type { MovimentacaoQuery, MovimentacaoSearch } from '@pessoa/event/movimentacoes/movimentacao-search';
import { connectElasticsearch } from '@pessoa/search-index/elasticsearch-client';
import { takeNoArguments } from '@pessoa/service/processes/command-line';
import pg from 'pg';
import { fillSearchStores, type SearchStores } from './search-stores.ts';
import { root } from './system.ts';

const SIZES = [500_000, 5_000_000];
const CALLERS = [1, 16];
const ROUNDS = 5;
const CALLS_PER_ROUND = 400;
const NOW = '2026-11-22T15:00:00Z';

const clock = fixedClock(NOW);
const year = { de: '2025-11-23', ate: '2026-11-22' } as NonNullable<Parameters<typeof readMovimentacaoFilter>[0]>;
const pageOf = (texto?: string): MovimentacaoQuery => ({
  filter: completeMovimentacaoFilter(readMovimentacaoFilter({ ...year, ...(texto !== undefined && { texto }) }), clock),
  after: undefined,
  limit: 26, // a page of 25, and the row that shows whether a next page exists
});
const QUESTIONS = { page: pageOf(), 'page with text': pageOf('transferencia jo') };
const ENGINES = ['PostgreSQL', 'Elasticsearch'] as const;

takeNoArguments({
  name: 'npm run bench:search',
  about:
    "Compares a page of one person's postings from PostgreSQL and from Elasticsearch at ELASTICSEARCH_URL, in about fifteen minutes.",
  options: {},
});

/**
 * Measures a page of one person's postings in stores of half a million and of five million postings, through the adapters
 * of Event. Nearly all of the time fills the stores.
 */
const home = join(root, '.pessoa', 'bench-search');
const url = process.env['ELASTICSEARCH_URL'] || 'http://127.0.0.1:9200';
const client = connectElasticsearch({ url, apiKey: undefined, requestMillis: 120_000 });
const stores: SearchStores[] = [];
await mkdir(home, { recursive: true });
const cluster = await startPostgres({ home, settings: { shared_buffers: '256MB', max_wal_size: '4GB' } });

async function fill(postings: number): Promise<SearchStores> {
  const database = `base_c_${postings}`;
  const admin = new pg.Client({ connectionString: cluster.superuserUrl('postgres') });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${database}`);
  await admin.end();
  const connectionString = cluster.superuserUrl(database);
  await applyMigrations(connectionString, join(root, 'subgraphs', 'event', 'prisma', 'migrations'));
  const start = performance.now();
  const store = await fillSearchStores({ connectionString, client, postings, until: NOW });
  console.log(
    `${postings} postings of ${store.cpfs.length} people in ${((performance.now() - start) / 1_000).toFixed(0)} s`,
  );
  return store;
}

/** Writes a PostgreSQL checkpoint, and waits up to two minutes for the end of Elasticsearch's merges. */
async function settle(): Promise<void> {
  const admin = new pg.Client({ connectionString: cluster.superuserUrl('postgres') });
  await admin.connect();
  await admin.query('CHECKPOINT');
  await admin.end();
  for (let tries = 0; tries < 60; tries++) {
    const { _all } = await client.indices.stats({ index: 'bench-search-*', metric: 'merge' });
    if (_all.total?.merges?.current === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}

/** Milliseconds of every call, by question, callers, engine and size. */
type Times = Map<string, number[]>;
const keyOf = (...parts: (string | number)[]): string => parts.join(' · ');

async function measure(): Promise<Times> {
  const times: Times = new Map();
  for (let round = -1; round < ROUNDS; round++) {
    for (const [question, query] of Object.entries(QUESTIONS)) {
      for (const callers of CALLERS) {
        for (const [size, { cpfs, searches }] of stores.entries()) {
          for (const engine of ENGINES) {
            const callMillis = await ask(searches[engine], query, { cpfs, callers });
            if (round < 0) continue; // the warm-up
            const key = keyOf(question, callers, engine, SIZES[size]!);
            times.set(key, [...(times.get(key) ?? []), ...callMillis]);
          }
        }
      }
    }
  }
  return times;
}

async function ask(
  search: MovimentacaoSearch,
  query: MovimentacaoQuery,
  { cpfs, callers }: Pick<SearchStores, 'cpfs'> & { callers: number },
): Promise<number[]> {
  const times: number[] = [];
  let remainingCalls = CALLS_PER_ROUND;
  const call = async (): Promise<void> => {
    while (remainingCalls-- > 0) {
      const cpf = cpfs[Math.floor(Math.random() * cpfs.length)]!;
      const start = performance.now();
      const [rows] = await search.find([cpf], query);
      times.push(performance.now() - start);
      if (rows!.length === 0) throw new Error('a person without postings');
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return times;
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;

function report(times: Times): void {
  console.log('ms: p50 / p99 at each size; growth of both from the first to the last');
  for (const question of Object.keys(QUESTIONS)) {
    for (const callers of CALLERS) {
      for (const engine of ENGINES) {
        const [p50, p99] = [0.5, 0.99].map((share) =>
          SIZES.map((size) => percentile(times.get(keyOf(question, callers, engine, size))!, share)),
        ) as [number[], number[]];
        const cells = SIZES.map((_, i) => `${p50[i]!.toFixed(2)} / ${p99[i]!.toFixed(2)}`.padStart(15));
        const growth = [p50, p99].map((values) => (values.at(-1)! / values[0]!).toFixed(2)).join(' / ');
        console.log(
          `${question.padEnd(15)} ${String(callers).padStart(2)} callers  ${engine.padEnd(13)} ${cells.join('')}  x ${growth}`,
        );
      }
    }
  }
}

try {
  for (const postings of SIZES) stores.push(await fill(postings));
  await settle();
  report(await measure());
} finally {
  for (const store of stores) await store.close();
  await client.close();
  await cluster.stop();
  await rm(home, { recursive: true, force: true });
}
