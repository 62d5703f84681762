import { setTimeout as sleep } from 'node:timers/promises';
import type { Cpf } from '@pessoa/domain/cpf';
import { readIndexState, writeIndexState } from '@pessoa/search-index/index-state';
import { createMovimentacaoIndex, newIndexName } from '@pessoa/search-index/movimentacao-index';
import type { RunningService } from '@pessoa/service/processes/process';
import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import { type SearchFault, startElasticsearchRelay } from '@pessoa/testkit/elasticsearch-relay';
import { elasticsearchServer } from '@pessoa/testkit/servers';
import { clusterInfo, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import pg, { type Pool } from 'pg';
import { buildIndex } from '../src/build-index.ts';
import { compareIndex } from '../src/index-check.ts';
import { indexGenerations } from '../src/index-generations.ts';
import { indexWriter } from '../src/index-writer.ts';
import { inTransaction, insertWith } from './change-source-contract.ts';
import { type IndexerUnderTest, openIndexerUnderTest } from './indexer-under-test.ts';

describe('The indexer', () => {
  let bases: TestBases;
  let owner: Pool;
  let tested: IndexerUnderTest;
  let cpf: Cpf;
  beforeEach(async () => {
    bases = await openTestBases();
    owner = bases.baseC.owner;
    cpf = await addTitular(owner);
    tested = await openIndexerUnderTest({ BASE_C_URL: bases.baseC.readerUrl });
  });
  afterEach(async () => {
    await tested.close();
    await bases.drop();
  });

  const generations = () => indexGenerations(tested.indexing.client, tested.config.alias);
  const indexedIds = async (index = tested.config.alias): Promise<string[]> => {
    const { hits } = await tested.indexing.client.search<{ id: string }>({ index, size: 1_000 });
    return hits.hits.map(({ _source }) => _source!.id).toSorted();
  };
  const add = (...ids: string[]) => addMovimentacoes(owner, cpf, ...ids.map((id) => ({ id })));
  const indexes = async (): Promise<string[]> =>
    Object.keys(await tested.indexing.client.indices.get({ index: `${tested.config.alias}-v*` }));

  it('builds an index if there is none, and then follows', async () => {
    await add('a-1', 'a-2');
    await tested.start();
    await tested.caughtUp();
    expect(await indexedIds()).toEqual(['a-1', 'a-2']);
    await add('a-3');
    await owner.query("UPDATE movimentacao SET cpf = cpf, valor = 12.34, descricao = 'outra' WHERE id = 'a-1'");
    await tested.caughtUp();
    expect(await indexedIds()).toEqual(['a-1', 'a-2', 'a-3']);
    const { different } = await compareIndex(tested.indexing);
    expect(different).toEqual([]);
  });

  it('indexes a posting that is committed late with a lower version than an indexed one', async () => {
    const service = await tested.start();
    await tested.caughtUp();
    await inTransaction(owner, async (late) => {
      await insertWith(late, cpf, 'late');
      await add('early');
      await tested.caughtUp();
      expect(await indexedIds()).toEqual(['early']);
      await service.close(); // and another one goes on
      await late.query('COMMIT');
    });
    await tested.start();
    await tested.caughtUp();
    expect(await indexedIds()).toEqual(['early', 'late']);
  });

  it('never replaces a newer version, nor restores a row that was removed at a later version', async () => {
    await add('v-1', 'v-2');
    const index = await buildIndex(tested.indexing);
    const writer = indexWriter(tested.indexing.client, index, tested.indexing.cpfHash);
    const { rows } = await owner.query('SELECT * FROM movimentacao ORDER BY id');
    const [one, two] = rows as [never, never];
    await writer.write([{ version: 90, row: { ...(one as object), descricao: 'nova' } as never }]);
    await writer.write([{ version: 80, row: one }]);
    await writer.write([{ version: 90, removed: { id: 'v-2', cpf } }]);
    await writer.write([{ version: 80, row: two }]);
    await tested.indexing.client.indices.refresh({ index });
    const { hits } = await tested.indexing.client.search<object>({ index });
    expect(hits.hits.map(({ _source }) => _source)).toMatchObject([{ id: 'v-1', descricao: 'nova' }]);
  });

  it('replaces the index in use without a gap, moves to the new index and removes the old one', async () => {
    const ids = Array.from({ length: 30 }, (_, i) => `g-${String(i).padStart(2, '0')}`);
    await add(...ids);
    await tested.start();
    await tested.caughtUp();
    const old = await generations().current();
    let isOver = false;
    let reads = 0;
    const reading = (async () => {
      while (!isOver) {
        expect(await indexedIds()).toEqual(ids);
        reads++;
      }
    })();
    await sleep(1_100); // an index is called after the second it is made in
    const built = await buildIndex(tested.indexing);
    expect(await generations().current()).toBe(built);
    while ((await indexes()).includes(old!)) await sleep(50);
    await tested.caughtUp();
    isOver = true;
    await reading;
    expect(reads).toBeGreaterThan(5);
    expect(await readIndexState(tested.indexing.client, tested.config.alias)).toMatchObject({ index: built });
    await add('g-new');
    await tested.caughtUp();
    expect(await indexedIds()).toContain('g-new');
    expect(await indexes()).toEqual([built]);
  });

  it('removes the index of an interrupted build, and lets one process build at a time', async () => {
    const { client } = tested.indexing;
    const left = newIndexName(tested.config.alias, new Date(0));
    await createMovimentacaoIndex(client, left, 'keyset');
    const [first, second] = await Promise.allSettled([buildIndex(tested.indexing), buildIndex(tested.indexing)]);
    expect([first.status, second.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = [first, second].find((one) => one.status === 'rejected');
    expect(refused).toMatchObject({ reason: { message: expect.stringContaining('being built by another process') } });
    expect(await indexes()).toEqual([await generations().current()]);
  });

  it('builds a new index when Base C was emptied and filled again', async () => {
    await add('t-1', 't-2');
    const service = await tested.start();
    await tested.caughtUp();
    await tested.caughtUp(); // the position is past them
    const old = await generations().current();
    await sleep(1_100);
    await service.close();
    await owner.query('TRUNCATE movimentacao');
    await add('t-3');
    await tested.start();
    while ((await generations().current()) === old) await sleep(50);
    await tested.caughtUp();
    expect(await indexedIds()).toEqual(['t-3']);
  });

  it('does not follow with an index of another mode, or without a stored position', async () => {
    const { client } = tested.indexing;
    const other = newIndexName(tested.config.alias, new Date(0));
    await createMovimentacaoIndex(client, other, 'logical');
    await generations().swap(other);
    await add('o-1');
    await tested.start();
    await tested.caughtUp();
    expect(await generations().current()).not.toBe(other);
    expect(await indexedIds()).toEqual(['o-1']);
  });

  it('does not follow with an index under another key, and builds one under its own key', async () => {
    await add('c-1');
    const other = await openIndexerUnderTest({
      BASE_C_URL: bases.baseC.readerUrl,
      SEARCH_ALIAS: tested.config.alias,
    });
    const old = await buildIndex(other.indexing);
    await sleep(1_100); // an index is called after the second it is made in
    await tested.start();
    while ((await generations().current()) === old) await sleep(50);
    await tested.caughtUp();
    const { hits } = await tested.indexing.client.search<{ cpfHash: string }>({ index: tested.config.alias });
    expect(hits.hits.map(({ _source }) => _source!.cpfHash)).toEqual([tested.indexing.cpfHash(cpf)]);
    await other.indexing.close();
  });

  it('reports its lag, its position and its health, and drains', async () => {
    await add('m-1');
    const service: RunningService = await tested.start();
    await tested.caughtUp();
    await tested.caughtUp();
    const metrics = await (await fetch(`${service.metricsUrl}/metrics`)).text();
    const value = (name: string): number => Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(metrics)?.[1]);
    expect(value('pessoa_index_lag_seconds')).toBeGreaterThanOrEqual(0);
    expect(value('pessoa_index_lag_seconds')).toBeLessThan(60);
    expect(value('pessoa_index_builds_total')).toBe(1);
    expect(value('pessoa_index_position')).toBe(1);
    expect(await (await fetch(`${service.url}/health/ready`)).json()).toEqual({
      status: 'ok',
      fontes: { indice: 'ok' },
    });
    await service.close();
    await expect(fetch(`${service.url}/health/live`)).rejects.toThrow();
    expect(tested.logLines().join('')).not.toContain(cpf);
  });

  it('reports why it does not follow while changes could be missed, and follows again after that', async () => {
    const service = await tested.start();
    await tested.caughtUp();
    const stopped = async (): Promise<string[]> => {
      const metrics = await (await fetch(`${service.metricsUrl}/metrics`)).text();
      return [...metrics.matchAll(/^pessoa_index_stopped\{[^}]*reason="(\w+)"[^}]*\} 1$/gm)].map(
        ([, reason]) => reason!,
      );
    };
    const isReady = async (): Promise<boolean> => (await fetch(`${service.url}/health/ready`)).ok;
    const until = async (condition: () => Promise<boolean>): Promise<void> => {
      while (!(await condition())) await sleep(50);
    };
    await owner.query('ALTER TABLE movimentacao DISABLE TRIGGER movimentacao_versao');
    await until(async () => (await stopped()).includes('refused'));
    expect(await isReady()).toBe(false);
    expect(tested.logLines().join('')).toContain('ALTER TABLE movimentacao ENABLE ALWAYS TRIGGER movimentacao_versao');
    await owner.query(
      `INSERT INTO movimentacao (id, cpf, data_hora, natureza, tipo, valor, situacao, palavras, versao)
       VALUES ('unseen', $1, '2026-11-20T12:00:00Z', 'DEBITO', 'PIX', 10, 'TRANSACAO_EFETIVADA', '{}', 1)`,
      [cpf],
    );
    await owner.query('ALTER TABLE movimentacao ENABLE ALWAYS TRIGGER movimentacao_versao');
    await until(async () => (await stopped()).length === 0 && (await isReady()));
    await tested.caughtUp();
    expect(await indexedIds()).toEqual(['unseen']);
  });

  it('recovers after Base C has ended all its connections', async () => {
    const service = await tested.start();
    await tested.caughtUp();
    const { username, pathname } = new URL(bases.baseC.readerUrl);
    const admin = new pg.Client({ connectionString: clusterInfo().superuserUrl });
    await admin.connect();
    const { rowCount } = await admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1 AND datname = $2',
      [username, pathname.slice(1)],
    );
    await admin.end();
    expect(rowCount).toBeGreaterThan(0);
    await add('b-1');
    await tested.caughtUp();
    expect(await indexedIds()).toEqual(['b-1']);
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
  });

  it('recovers after Elasticsearch has not answered for a while, or has refused everything', async () => {
    await tested.close();
    const relay = await startElasticsearchRelay(elasticsearchServer(), /./);
    tested = await openIndexerUnderTest({ BASE_C_URL: bases.baseC.readerUrl, ELASTICSEARCH_URL: relay.url });
    await add('e-1');
    const service = await tested.start();
    await tested.caughtUp();
    await tested.caughtUp(); // the build is over, and it follows
    const faults: Record<string, SearchFault> = {
      'e-2': { kind: 'cut' },
      'e-3': { kind: 'answers', status: 429, body: '{}', product: true },
    };
    for (const [id, fault] of Object.entries(faults)) {
      relay.fail(fault);
      await add(id);
      await sleep(3_000);
      const metrics = await (await fetch(`${service.metricsUrl}/metrics`)).text();
      expect(Number(/^pessoa_index_lag_seconds\{[^}]*\} (\S+)$/m.exec(metrics)?.[1])).toBeGreaterThan(1);
      relay.fail(undefined);
      await tested.caughtUp();
      expect(await indexedIds()).toContain(id);
    }
    await service.close();
    await tested.close();
    await relay.close();
    tested = await openIndexerUnderTest({ BASE_C_URL: bases.baseC.readerUrl });
  });

  it('does not start without the column that it follows by, and names the column', async () => {
    await owner.query('ALTER TABLE movimentacao RENAME versao TO outra');
    await expect(tested.start()).rejects.toThrow('movimentacao.versao');
  });

  it('does not change the state of an index when no indexer runs', async () => {
    await add('s-1');
    const built = await buildIndex(tested.indexing);
    const { client } = tested.indexing;
    const stale = {
      index: built,
      mode: 'keyset',
      keyMark: 'c',
      position: '0',
      upToDateAt: '2026-11-01T00:00:00.000Z',
      unreadablePeople: [],
    } as const;
    await writeIndexState(client, tested.config.alias, stale);
    await sleep(1_500);
    expect(await readIndexState(client, tested.config.alias)).toEqual(stale);
  });
});
