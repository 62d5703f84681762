import { baseA } from '@pessoa/bases/base-a';
import { PrismaClient } from '@pessoa/debt/generated/prisma/client';
import { readConfig as readIndexerConfig } from '@pessoa/indexer/config';
import { startIndexer } from '@pessoa/indexer/indexer';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { serveMetrics } from '@pessoa/service/metrics/metrics-server';
import { openReplicatedBase } from '@pessoa/subgraph/replica/replicated-base';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { dropIndexes, serverVariables } from '@pessoa/testkit/servers';
import { openTcpRelay } from '@pessoa/testkit/tcp-relay';
import { openTestBases } from '@pessoa/testkit/test-bases';
import { fires, observe } from '../../src/promtool.ts';
import { startReplicaServers, runReplica } from '../../src/replica-servers.ts';
import { fillBaseA, until } from '../../src/replicated-debt.ts';
import { scrape } from '../../src/scraped-metrics.ts';

const { logger } = testLog();

describe('An alert about what follows a base fires for its cause, and not before:', () => {
  it('a replica that is cut off from its publisher', async () => {
    const servers = await startReplicaServers();
    const metrics = createMetrics('debt');
    const served = await serveMetrics(metrics, { host: '127.0.0.1', port: 0 }, logger);
    await fillBaseA(servers, 2, 4);
    expect(await runReplica(servers.env, 'base-a')).toMatchObject({ code: 0 });
    const base = openReplicatedBase({
      url: servers.env['BASE_A_URL']!,
      replica: { url: servers.env['BASE_A_REPLICA_URL']!, lagMaxSeconds: 900 },
      name: 'base-a',
      fonte: 'divida',
      budget: { acquireMillis: 2_000, statementMillis: 20_000 },
      contract: baseA.contract,
      metrics,
      logger,
      createClient: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
    });
    const lag = async (): Promise<number> => (await scrape(served.url)).sum('pessoa_replica_lag_seconds');
    try {
      await until('it is current', async () => (await lag()) < 3);
      const urls = { debt: served.url };
      const before = await observe(urls);
      servers.cable.cut(true);
      await until('it falls back', async () => (await lag()) > 4);
      const first = await observe(urls);
      await until('it falls back further', async () => (await lag()) > 6);
      const last = await observe(urls);
      expect(await fires('PessoaReplicaBehind', before)).toBe(false);
      expect(await fires('PessoaReplicaBehind', first, last)).toBe(true);
    } finally {
      await base.close();
      await served.close();
      await servers.close();
    }
  });

  it('an indexer whose Base C is gone', async () => {
    const bases = await openTestBases();
    const { hostname, port } = new URL(bases.baseC.readerUrl);
    const cable = await openTcpRelay({ host: hostname, port: Number(port) });
    const { ELASTICSEARCH_URL, SEARCH_ALIAS } = serverVariables();
    const env = {
      BASE_C_URL: cable.through(bases.baseC.readerUrl),
      ELASTICSEARCH_URL,
      SEARCH_ALIAS,
      INDEXER_PORT: '0',
    };
    const indexer = await startIndexer(readIndexerConfig({ ...env, CPF_HASH_KEY: Buffer.alloc(32, 7).toString('base64url') }), logger); // prettier-ignore
    const read = async (name: string): Promise<number> => (await scrape(indexer.metricsUrl)).sum(name);
    try {
      await until('it follows', async () => (await read('pessoa_index_lag_seconds')) < 3);
      const urls = { indexer: indexer.metricsUrl };
      const before = await observe(urls);
      cable.cut(true);
      await until('it has stopped', async () => (await read('pessoa_index_stopped')) === 1);
      const first = await observe(urls);
      await until('it falls back', async () => (await read('pessoa_index_lag_seconds')) > 3);
      const last = await observe(urls);
      for (const alert of ['PessoaIndexBehind', 'PessoaIndexStopped']) {
        expect([alert, await fires(alert, before)]).toEqual([alert, false]);
        expect([alert, await fires(alert, first, last)]).toEqual([alert, true]);
      }
    } finally {
      await indexer.close();
      await cable.close();
      await dropIndexes(SEARCH_ALIAS);
      await bases.drop();
    }
  });
});
