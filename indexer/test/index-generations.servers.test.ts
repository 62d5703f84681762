import { setTimeout as sleep } from 'node:timers/promises';
import { readIndexState, stateIndexOf } from '@pessoa/search-index/index-state';
import { createMovimentacaoIndex, newIndexName } from '@pessoa/search-index/movimentacao-index';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import type { RunningService } from '@pessoa/service/processes/process';
import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { clusterInfo, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { buildIndex, type Indexing } from '../src/build-index.ts';
import { type ChangeSource, RebuildNeeded } from '../src/change-source.ts';
import { indexGenerations } from '../src/index-generations.ts';
import { indexerMetrics } from '../src/indexer-metrics.ts';
import { keepIndexed } from '../src/keep-indexed.ts';
import { type IndexerUnderTest, openIndexerUnderTest } from './indexer-under-test.ts';
import { startLogicalBase } from './logical-cluster.ts';

const indexesOf = async ({ indexing: { client }, config: { alias } }: IndexerUnderTest): Promise<string[]> =>
  Object.keys(await client.indices.get({ index: `${alias}-v*` }));

const currentOf = ({ indexing: { client }, config: { alias } }: IndexerUnderTest): Promise<string | undefined> =>
  indexGenerations(client, alias).current();

const NEXT_NAME_MILLIS = 1_100; // an index is called after the second it is made in

describe('The indexes of an alias', () => {
  let bases: TestBases;
  let tested: IndexerUnderTest;
  beforeEach(async () => {
    bases = await openTestBases();
    tested = await openIndexerUnderTest({ BASE_C_URL: bases.baseC.readerUrl });
    await addMovimentacoes(bases.baseC.owner, await addTitular(bases.baseC.owner), { id: 'a-1' }, { id: 'a-2' });
  });
  afterEach(async () => {
    await tested.close();
    await bases.drop();
  });

  /** The same, with something that happens when a build has made its index. */
  const whenMade = (happens: (index: string) => Promise<unknown>): Indexing => {
    const { source } = tested.indexing;
    const begin: ChangeSource['begin'] = async (index) => {
      await happens(index);
      return source.begin(index);
    };
    return { ...tested.indexing, source: { ...source, begin } };
  };

  it('are only the one in use once it is followed, whatever a killed process left', async () => {
    const { client } = tested.indexing;
    const built = await buildIndex(tested.indexing);
    await createMovimentacaoIndex(client, newIndexName(tested.config.alias, new Date(0)), 'keyset');
    await tested.start();
    while ((await indexesOf(tested)).length > 1) await sleep(50);
    expect(await indexesOf(tested)).toEqual([built]);
    expect(await currentOf(tested)).toBe(built);
  });

  it('do not include indexes of an alias whose name begins with its name', async () => {
    const { client, alias } = tested.indexing;
    const other = newIndexName(`${alias}-v2`, new Date());
    await createMovimentacaoIndex(client, other, 'keyset');
    const built = await buildIndex(tested.indexing);
    expect((await indexesOf(tested)).toSorted()).toEqual([built, other].toSorted());
  });

  it('are built anew when an older version of Pessoa wrote the state, and the old one is removed', async () => {
    const { client, alias } = tested.indexing;
    const old = await buildIndex(tested.indexing);
    const upToDateAt = (await readIndexState(client, alias))!.upToDateAt;
    const index = stateIndexOf(alias);
    await client.indices.delete({ index });
    await client.indices.create({ index, mappings: { dynamic: 'strict', properties: { indice: { type: 'keyword' }, emDiaEm: { type: 'date' } } } }); // prettier-ignore
    for (const id of [old, 'follower']) {
      await client.index({ index, id, document: { indice: old, emDiaEm: upToDateAt } });
    }
    expect(await readIndexState(client, alias)).toBeUndefined();
    await sleep(NEXT_NAME_MILLIS);
    await tested.start();
    await tested.caughtUp();
    while ((await indexesOf(tested)).length > 1) await sleep(50);
    expect(await indexesOf(tested)).toEqual([(await readIndexState(client, alias))!.index]);
    expect(await indexesOf(tested)).not.toEqual([old]);
  });

  it('are not put in use by a build that lost its lock', async () => {
    const database = new URL(bases.baseC.readerUrl).pathname.slice(1);
    const admin = new pg.Client({ connectionString: clusterInfo().superuserUrl });
    await admin.connect();
    const building = whenMade(async () => {
      const { rowCount } = await admin.query(
        `SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
         WHERE l.locktype = 'advisory' AND d.datname = $1`,
        [database],
      );
      expect(rowCount).toBe(1);
    });
    await expect(buildIndex(building)).rejects.toThrow('terminating connection');
    await admin.end();
    expect(await currentOf(tested)).toBeUndefined();
    const built = await buildIndex(tested.indexing);
    expect(await indexesOf(tested)).toEqual([built]);
  });

  it('are not put in use if they were removed during the build and created again by a write', async () => {
    const { client } = tested.indexing;
    const building = whenMade((index) => client.indices.delete({ index }));
    await expect(buildIndex(building)).rejects.toThrow('is not the index that this build created');
    expect(await indexesOf(tested)).toHaveLength(1);
    expect(await currentOf(tested)).toBeUndefined();
  });

  it('are not rebuilt when another process has built one', async () => {
    const { indexing, config } = tested;
    const { source } = indexing;
    const bad = await buildIndex(indexing);
    let built = '';
    const follow: ChangeSource['follow'] = async function* (index, position, signal) {
      if (index === bad) {
        await sleep(NEXT_NAME_MILLIS);
        built = await buildIndex(indexing);
        await sleep(NEXT_NAME_MILLIS);
        throw new RebuildNeeded('as when the log is gone');
      }
      yield* source.follow(index, position, signal);
    };
    const metrics = createMetrics('indexer');
    const stopping = new AbortController();
    const keeping = keepIndexed(
      { ...indexing, source: { ...source, follow } },
      {
        signal: stopping.signal,
        logger: testLog({ service: 'indexer' }).logger,
        metrics: indexerMetrics(metrics),
        countEveryMillis: 60_000,
        onHealth: () => {},
      },
    );
    while ((await readIndexState(indexing.client, config.alias))?.index === bad) await sleep(50);
    await tested.caughtUp();
    while ((await indexesOf(tested)).length > 1) await sleep(50);
    stopping.abort();
    await keeping;
    expect(await indexesOf(tested)).toEqual([built]);
    expect(await metrics.metrics()).toMatch(/^pessoa_index_builds_total\{[^}]*\} 0$/m);
  });
});

describe('The replication slots of an alias', () => {
  it('are only the one in use after Base C has emptied its postings', async () => {
    const base = await startLogicalBase();
    const { owner, readerUrl, replicationUrl } = base;
    const tested = await openIndexerUnderTest({
      BASE_C_URL: readerUrl,
      BASE_C_REPLICATION_URL: replicationUrl,
      INDEXER_FOLLOW: 'logical',
    });
    const slots = async (): Promise<string[]> => {
      const { rows } = await owner.query<{ name: string }>('SELECT slot_name AS name FROM pg_replication_slots');
      return rows.map(({ name }) => name);
    };
    await addMovimentacoes(owner, await addTitular(owner), { id: 'a-1' });
    const service: RunningService = await tested.start();
    await tested.caughtUp();
    const old = await currentOf(tested);
    const [oldSlot] = await slots();
    await sleep(NEXT_NAME_MILLIS);
    await owner.query('TRUNCATE movimentacao');
    while ((await currentOf(tested)) === old) await sleep(50);
    while ((await indexesOf(tested)).length > 1 || (await slots()).length > 1) await sleep(50);
    expect(await indexesOf(tested)).toEqual([await currentOf(tested)]);
    expect(await slots()).not.toEqual([oldSlot]);
    await service.close();
    await tested.close();
    await base.close();
  }, 120_000);
});
