import { setTimeout as sleep } from 'node:timers/promises';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { readIndexState } from '@pessoa/search-index/index-state';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import type { Pool } from 'pg';
import { compareIndex } from '../src/index-check.ts';
import { ended, type IndexerUnderTest, openIndexerUnderTest } from './indexer-under-test.ts';
import { type LogicalBase, startLogicalBase } from './logical-cluster.ts';

const PEOPLE = 2_000;
const cpfs = Array.from({ length: PEOPLE }, (_, i) => cpfFromBase(String(420_000_000 + i)));

/**
 * New postings of everybody in turn, and of those that are there some changed, all in one transaction. One side by side with
 * another changes even or odd ones alone, so that they never wait for each other.
 */
async function load(owner: Pool, from: number, rows: number, lane: 0 | 1, removals: boolean): Promise<void> {
  const client = await owner.connect();
  const some = (count: number): string =>
    `id IN (SELECT 'q-' || 2 * (random() * $1 / 2)::int + $2::int FROM generate_series(1, ${count}))`;
  try {
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO movimentacao (id, cpf, data_hora, natureza, tipo, valor, descricao, situacao, palavras)
       SELECT 'q-' || n, ($1::text[])[1 + n % $2], timestamptz '2026-11-20 12:00Z' - n * interval '1 minute',
              'DEBITO', 'PIX', n / 100.0, 'Compra ' || n, 'TRANSACAO_EFETIVADA', ARRAY['compra', n::text]
       FROM generate_series($3::int, $4::int) n`,
      [cpfs, PEOPLE, from, from + rows - 1],
    );
    await client.query(`UPDATE movimentacao SET valor = valor + 1, descricao = 'Estorno' WHERE ${some(50)}`, [
      from,
      lane,
    ]);
    if (removals) {
      await client.query(`DELETE FROM movimentacao WHERE ${some(20)}`, [from, lane]);
      await client.query(`UPDATE movimentacao SET cpf = $3 WHERE ${some(20)}`, [from, lane, cpfs[from % PEOPLE]]);
    }
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

/** What both sides say of themselves, by no code of the indexer's. */
async function bothSides(owner: Pool, { indexing: { client }, config: { alias } }: IndexerUnderTest) {
  const { rows } = await owner.query<{ rows: number; centavos: string; changed: number }>(
    `SELECT count(*)::int AS rows, (sum(valor) * 100)::bigint::text AS centavos,
            count(*) FILTER (WHERE descricao = 'Estorno')::int AS changed
     FROM movimentacao`,
  );
  const { aggregations } = await client.search<unknown, { soma: { value: number } }>({
    index: alias,
    size: 0,
    aggs: { soma: { sum: { field: 'valorCentavos' } } },
  });
  const { count } = await client.count({ index: alias });
  let changed = 0;
  const all = client.helpers.scrollDocuments<{ descricao: string }>({ index: alias, size: 5_000 });
  for await (const { descricao } of all) if (descricao === 'Estorno') changed++;
  return { baseC: rows[0]!, index: { rows: count, centavos: String(aggregations!.soma.value), changed } };
}

/** The instant up to which an index is current; undefined while there is none in use. */
const emDiaOf = async ({ indexing: { client }, config: { alias } }: IndexerUnderTest): Promise<string | undefined> =>
  (await readIndexState(client, alias).catch(() => undefined))?.upToDateAt;

const isMaking = ({ indexing: { client }, config: { alias } }: IndexerUnderTest): Promise<boolean> =>
  client.indices.exists({ index: `${alias}-v*`, allow_no_indices: false });

async function loadWhileKilling(
  owner: Pool,
  tested: IndexerUnderTest,
  options: { rows: number; kills: number; removals: boolean },
) {
  const { rows, kills, removals } = options;
  const batch = rows / 200;
  let killed = 0;
  const loading = (async () => {
    for (let done = 0; done < rows;) {
      // Two transactions side by side, whose versions interleave; never ahead of its share of the kills.
      await Promise.all([load(owner, done, batch, 0, removals), load(owner, done + batch, batch, 1, removals)]);
      done += 2 * batch;
      while (done > (rows * (killed + 1)) / (kills + 1)) await sleep(20);
    }
  })();
  loading.catch(() => {}); // seen when it is waited for
  while (killed < kills) {
    const before = await emDiaOf(tested);
    const child = tested.spawn();
    // The first is killed while it makes its index, every other one after it has brought an index further.
    const hasDone = killed === 0 ? () => isMaking(tested) : async () => (await emDiaOf(tested)) !== before;
    while (child.exitCode === null && !(await hasDone())) await sleep(20);
    await sleep(Math.random() * (killed === 0 ? 300 : 1_000));
    expect(child.exitCode).toBeNull();
    await ended(child);
    killed++;
  }
  const last = tested.spawn();
  await loading;
  await tested.caughtUp();
  await ended(last);
}

describe('An indexer that is killed', () => {
  it('20 times during a load of 200,000 events loses and duplicates nothing', async () => {
    const bases: TestBases = await openTestBases();
    const { owner, readerUrl } = bases.baseC;
    await owner.query('INSERT INTO titular SELECT unnest($1::bpchar[])', [cpfs]);
    const there = 20_000; // before there is an index, so that the first kill is in its making
    await load(owner, 200_000, there, 0, false);
    const tested = await openIndexerUnderTest({ BASE_C_URL: readerUrl });
    await loadWhileKilling(owner, tested, { rows: 200_000, kills: 20, removals: false });
    const { different } = await compareIndex(tested.indexing);
    expect(different).toEqual([]);
    const { baseC, index } = await bothSides(owner, tested);
    expect(baseC.rows).toBe(200_000 + there);
    expect(index).toEqual(baseC);
    await tested.close();
    await bases.drop();
  }, 300_000);

  it('during inserts, updates, removals and moves to another CPF misses none, by logical decoding', async () => {
    const base: LogicalBase = await startLogicalBase();
    const { owner, readerUrl, replicationUrl } = base;
    await owner.query('INSERT INTO titular SELECT unnest($1::bpchar[])', [cpfs]);
    const tested = await openIndexerUnderTest({
      BASE_C_URL: readerUrl,
      BASE_C_REPLICATION_URL: replicationUrl,
      INDEXER_FOLLOW: 'logical',
    });
    await loadWhileKilling(owner, tested, { rows: 20_000, kills: 6, removals: true });
    const { different } = await compareIndex(tested.indexing);
    expect(different).toEqual([]);
    const { baseC, index } = await bothSides(owner, tested);
    expect(baseC.rows).toBeLessThan(20_000);
    expect(index).toEqual(baseC);
    await tested.close();
    await base.close();
  }, 240_000);
});
