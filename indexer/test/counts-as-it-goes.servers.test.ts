import { setTimeout as sleep } from 'node:timers/promises';
import type { Cpf } from '@pessoa/domain/cpf';
import { readIndexState } from '@pessoa/search-index/index-state';
import { documentIdOf, unreadableDocument } from '@pessoa/search-index/movimentacao-document';
import type { RunningService } from '@pessoa/service/processes/process';
import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import { clusterInfo, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { compareIndex } from '../src/index-check.ts';
import { indexGenerations } from '../src/index-generations.ts';
import { type IndexerUnderTest, openIndexerUnderTest } from './indexer-under-test.ts';
import { type LogicalBase, startLogicalBase } from './logical-cluster.ts';

const ADD = `INSERT INTO movimentacao (id, cpf, data_hora, natureza, tipo, valor, situacao, palavras)
  SELECT $1, $2, '2026-11-20T12:00:00Z', 'DEBITO', 'PIX', 10, 'TRANSACAO_EFETIVADA', '{}'`;

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}

const metricsOf = async (service: RunningService): Promise<string> =>
  (await fetch(`${service.metricsUrl}/metrics`)).text();

/** Seconds since the last count that found nothing; NaN before the first. */
const ageOf = async (service: RunningService): Promise<number> =>
  Number(/^pessoa_index_count_age_seconds\{[^}]*\} (\S+)$/m.exec(await metricsOf(service))?.[1]);

const isStopped = async (service: RunningService): Promise<boolean> =>
  /^pessoa_index_stopped\{[^}]*reason="changed"[^}]*\} 1$/m.test(await metricsOf(service));

/** Resolves when a count that began later has found nothing. */
async function counted(service: RunningService): Promise<void> {
  const startedAt = performance.now();
  await until(async () => (await ageOf(service)) < (performance.now() - startedAt) / 1_000 - 1);
}

/** The indexer says that rows were hidden, Event searches no index, and then there is another one that has them all. */
async function heals(tested: IndexerUnderTest, service: RunningService, old: string | undefined): Promise<void> {
  const { client, alias } = tested.indexing;
  await until(() => isStopped(service));
  expect((await fetch(`${service.url}/health/ready`)).status).toBe(503);
  expect((await readIndexState(client, alias))?.index).not.toBe(old);
  expect(tested.logLines().join('')).toContain('removed or written unseen');
  await until(async () => (await indexGenerations(client, alias).current()) !== old);
  await tested.caughtUp();
  expect((await compareIndex(tested.indexing)).different).toEqual([]);
  await counted(service);
  expect(await isStopped(service)).toBe(false);
}

describe('The indexer that follows by numbers', () => {
  let bases: TestBases;
  let tested: IndexerUnderTest;
  let service: RunningService;
  let cpf: Cpf;
  let old: string | undefined;
  const owner = (statement: string, values?: unknown[]) => bases.baseC.owner.query(statement, values);
  beforeEach(async () => {
    bases = await openTestBases();
    cpf = await addTitular(bases.baseC.owner);
    for (let n = 0; n < 30; n++) await addMovimentacoes(bases.baseC.owner, cpf, { id: `p-${n}` });
    tested = await openIndexerUnderTest({ BASE_C_URL: bases.baseC.readerUrl, INDEXER_COUNT_SECONDS: '1' });
    service = await tested.start();
    await tested.caughtUp();
    await counted(service);
    old = await indexGenerations(tested.indexing.client, tested.config.alias).current();
  });
  afterEach(async () => {
    await tested.close();
    await bases.drop();
  });

  const asSuperuser = async (statement: string): Promise<void> => {
    const { pathname } = new URL(bases.baseC.readerUrl);
    const admin = new pg.Client({
      connectionString: Object.assign(new URL(clusterInfo().superuserUrl), { pathname }).href,
    });
    await admin.connect();
    try {
      await admin.query(statement);
    } finally {
      await admin.end();
    }
  };

  it.each<[string, () => Promise<unknown>]>([
    ['a posting is removed', () => owner("DELETE FROM movimentacao WHERE id = 'p-7'")],
    [
      'one is removed where triggers are silent',
      () => asSuperuser("SET session_replication_role = replica; DELETE FROM movimentacao WHERE id = 'p-7'"),
    ],
    ['all are removed but the first', () => owner("DELETE FROM movimentacao WHERE id <> 'p-0'")],
    [
      'some go to other CPFs',
      async () => {
        // In the shard of its former person's, a posting of another has the document's place.
        for (let n = 0; n < 10; n++) {
          const other = await addTitular(bases.baseC.owner);
          await owner('UPDATE movimentacao SET cpf = $1 WHERE id = $2', [other, `p-${n}`]);
        }
      },
    ],
    [
      'one comes with a number of long ago, between two looks at the sequence',
      () =>
        owner(`DO $$ DECLARE last bigint := (SELECT last_value FROM movimentacao_versao_seq); BEGIN
          PERFORM setval('movimentacao_versao_seq', 3);
          ${ADD.replace('$1', "'low'").replace('$2', `'${cpf}'`)};
          PERFORM setval('movimentacao_versao_seq', last); END $$`),
    ],
    [
      'one is removed and one comes with its number',
      () =>
        owner(`DO $$ DECLARE last bigint := (SELECT last_value FROM movimentacao_versao_seq); BEGIN
          DELETE FROM movimentacao WHERE id = 'p-7';
          PERFORM setval('movimentacao_versao_seq', 4);
          ${ADD.replace('$1', "'low'").replace('$2', `'${cpf}'`)};
          PERFORM setval('movimentacao_versao_seq', last); END $$`),
    ],
  ])('needs another index when %s', async (_, hide) => {
    await hide();
    await heals(tested, service, old);
  });

  it('finds a document that Elasticsearch has lost', async () => {
    const { client } = tested.indexing;
    const { _version: version } = await client.get({ index: old!, id: 'p-7', routing: tested.indexing.cpfHash(cpf) });
    const place = { index: old!, id: 'p-7', routing: tested.indexing.cpfHash(cpf) };
    await client.delete({ ...place, version: version!, version_type: 'external_gte' });
    await heals(tested, service, old);
  });

  it('accepts postings that the index cannot hold, long ids, changes, and rows that keep coming', async () => {
    const long = 'í'.repeat(400);
    await addMovimentacoes(
      bases.baseC.owner,
      cpf,
      { id: long },
      { id: 'large' },
      { id: 'nowhere', data_hora: 'infinity' },
    );
    await owner("UPDATE movimentacao SET descricao = $1 WHERE id = 'large'", ['x'.repeat(9_000_000)]);
    await until(async () => /^pessoa_index_unreadable_total\{.*\} [1-9]/m.test(await metricsOf(service)));
    let isOver = false;
    const writing = (async () => {
      for (let n = 0; !isOver; n++) {
        await owner(ADD, [`more-${n}`, cpf]);
        await owner('UPDATE movimentacao SET valor = valor + 1 WHERE id = $1', [n % 2 ? 'p-1' : `more-${n}`]);
      }
    })();
    for (let counts = 0; counts < 3; counts++) await counted(service);
    isOver = true;
    await writing;
    await counted(service);
    expect(await indexGenerations(tested.indexing.client, tested.config.alias).current()).toBe(old);
    expect(await tested.indexing.client.exists({ index: old!, id: documentIdOf(long), routing: tested.indexing.cpfHash(cpf) })).toBe(true); // prettier-ignore
    expect(tested.logLines().join('')).not.toContain('unseen');
  });

  it('counts in a separate statement, whose failure does not stop following, and which ends with the indexer', async () => {
    await tested.close();
    tested = await openIndexerUnderTest({ BASE_C_URL: bases.baseC.readerUrl, INDEXER_COUNT_SECONDS: '1' });
    const { source } = tested.indexing;
    expect(await source.count(30, new AbortController().signal)).toEqual({ postings: 30, versionSum: 465 });
    const { username } = new URL(bases.baseC.readerUrl);
    await owner(`REVOKE SELECT ON movimentacao FROM ${username}`);
    await expect(source.count(30, new AbortController().signal)).rejects.toThrow('permission denied');
    await owner(`GRANT SELECT ON movimentacao TO ${username}`);
    // The connection is whole again.
    expect(await source.count(29, new AbortController().signal)).toEqual({ postings: 29, versionSum: 435 });
    await inLockedTable(async () => {
      const stopping = new AbortController();
      const counting = source.count(30, stopping.signal);
      await until(async () => (await waiting()) > 0);
      stopping.abort();
      await expect(counting).rejects.toThrow();
    });
  });

  const waiting = async (): Promise<number> => {
    const { rows } = await owner(
      "SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = 'movimentacao'::regclass",
    );
    return (rows[0] as { n: number }).n;
  };
  async function inLockedTable(work: () => Promise<void>): Promise<void> {
    const client = await bases.baseC.owner.connect();
    try {
      await client.query('BEGIN; LOCK TABLE movimentacao IN ACCESS EXCLUSIVE MODE');
      await work();
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  }
});

describe('The indexer that follows by the log', () => {
  let base: LogicalBase;
  let tested: IndexerUnderTest;
  beforeAll(async () => {
    base = await startLogicalBase();
    tested = await openIndexerUnderTest({
      BASE_C_URL: base.readerUrl,
      BASE_C_REPLICATION_URL: base.replicationUrl,
      INDEXER_FOLLOW: 'logical',
      INDEXER_COUNT_SECONDS: '1',
    });
  }, 240_000);
  afterAll(async () => {
    await tested.close();
    await base.close();
  });

  it('accepts removals, and finds a document that is missing in the index alone', async () => {
    const { client, cpfHash, alias } = tested.indexing;
    const cpf = await addTitular(base.owner);
    for (let n = 0; n < 30; n++) await addMovimentacoes(base.owner, cpf, { id: `p-${n}` });
    const service = await tested.start();
    await tested.caughtUp();
    const old = await indexGenerations(client, alias).current();
    for (let n = 0; n < 10; n++) {
      await base.owner.query('DELETE FROM movimentacao WHERE id = $1', [`p-${n}`]);
      await base.owner.query('UPDATE movimentacao SET valor = valor + 1');
    }
    await counted(service);
    expect(await indexGenerations(client, alias).current()).toBe(old);
    const place = { index: old!, id: 'mine', routing: cpfHash(cpf) };
    await client.index({
      ...place,
      version: 1,
      version_type: 'external_gte',
      document: unreadableDocument('mine', cpfHash(cpf)),
    });
    await heals(tested, service, old);
  });
});
