import { setTimeout as sleep } from 'node:timers/promises';
import { baseA } from '@pessoa/bases/base-a';
import { PrismaClient } from '@pessoa/debt/generated/prisma/client';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { watchReplica } from '@pessoa/subgraph/replica/replica-monitor';
import { openReplicatedBase } from '@pessoa/subgraph/replica/replicated-base';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { type ReplicaServers, runReplica, startReplicaServers } from '../src/replica-servers.ts';
import { fillBaseA, until } from '../src/replicated-debt.ts';

describe('A replica that a service watches', () => {
  let servers: ReplicaServers;
  beforeAll(async () => {
    servers = await startReplicaServers();
    await fillBaseA(servers, 20, 200);
    expect(await runReplica(servers.env, 'base-a')).toMatchObject({ code: 0 });
  }, 60_000);
  afterAll(() => servers.close());

  it('has everything that was committed at the publisher before the instant that its lag names', async () => {
    const monitor = watchReplica({
      publisherUrl: servers.env['BASE_A_URL']!,
      replica: { url: servers.env['BASE_A_REPLICA_URL']!, lagMaxSeconds: 900 },
      contract: baseA.contract,
    });
    const committedAtMillis: number[] = [];
    let isStopped = false;
    const beating = (async () => {
      for (let beat = 0; !isStopped; beat++) {
        await servers.onPublisher.query("UPDATE credor SET nome = $1 WHERE id = 'credor-1'", [String(beat)]);
        committedAtMillis[beat] = performance.now();
        await sleep(20);
      }
    })();
    const lags: number[] = [];
    for (let round = 0; round < 150; round++) {
      // Apart from the replica for a while, and together again.
      if (round === 40) servers.cable.cut(true);
      if (round === 100) servers.cable.cut(false);
      const nowMillis = performance.now();
      const lagSeconds = monitor.lagSeconds();
      const { rows } = await servers.onReplica.query<{ nome: string }>("SELECT nome FROM credor WHERE id = 'credor-1'");
      const knownMillis = nowMillis - lagSeconds * 1_000;
      const newestThen = committedAtMillis.findLastIndex((atMillis) => atMillis < knownMillis);
      if (newestThen >= 0) expect(Number(rows[0]!.nome)).toBeGreaterThanOrEqual(newestThen);
      lags.push(lagSeconds);
      await sleep(50);
    }
    isStopped = true;
    await beating;
    await monitor.close();
    // It was both in step and apart while this was looked at.
    expect(Math.min(...lags)).toBeLessThan(3);
    expect(Math.max(...lags.filter(Number.isFinite))).toBeGreaterThan(2);
  });

  it('that failed a read is checked at once, and read again once it has passed a check that began later', async () => {
    const monitor = watchReplica({
      publisherUrl: servers.env['BASE_A_URL']!,
      replica: { url: servers.env['BASE_A_REPLICA_URL']!, lagMaxSeconds: 900 },
      contract: baseA.contract,
    });
    try {
      await until('it is read', async () => monitor.obstacle() === undefined);
      const wasReadSoon: boolean[] = [];
      for (let round = 0; round < 5; round++) {
        // Right after one of the looks that come every second: the next of those is far.
        const seen = monitor.status();
        await until('it was looked at', async () => monitor.status() !== seen);
        monitor.reportFailure();
        expect(monitor.obstacle()).toBe('failed');
        await sleep(400);
        wasReadSoon.push(monitor.obstacle() === undefined);
        await until('it is read again', async () => monitor.obstacle() === undefined, 3);
        await sleep(1_000);
      }
      // A look takes some milliseconds, but the machine may be busy.
      expect(wasReadSoon).toContain(true);

      const underWay = monitor.look();
      monitor.reportFailure();
      await underWay;
      expect(monitor.obstacle()).toBe('failed');
      await until('it is read again', async () => monitor.obstacle() === undefined, 3);
    } finally {
      await monitor.close();
    }
  });

  it('is read again after an error of our own, or after a full pool of ours', async () => {
    const metrics = createMetrics('debt');
    const base = openReplicatedBase({
      url: servers.env['BASE_A_URL']!,
      replica: { url: servers.env['BASE_A_REPLICA_URL']!, lagMaxSeconds: 900 },
      name: 'base-a',
      fonte: 'divida',
      // Half of it is the replica's.
      budget: { acquireMillis: 2_000, statementMillis: 20_000 },
      connections: 1,
      contract: baseA.contract,
      metrics,
      logger: testLog().logger,
      createClient: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
    });
    const readsOf = async (origin: string, reason: string): Promise<number> => {
      const series = new RegExp(`^pessoa_base_reads_total\\{.*origin="${origin}",reason="${reason}".*\\} (\\d+)$`, 'm');
      return Number(series.exec(await metrics.metrics())?.[1] ?? 0);
    };
    const select = () => base.read((client) => client.$queryRawUnsafe('SELECT 1 AS um'));
    const isRead = async (): Promise<boolean> => {
      const before = await readsOf('replica', 'current');
      await select();
      return (await readsOf('replica', 'current')) > before;
    };
    try {
      await until('it is read', isRead);
      await expect(base.read(() => Promise.reject(new TypeError('ours')))).rejects.toThrow('ours');
      expect(await isRead()).toBe(true);

      const failedBefore = await readsOf('source', 'failed');
      const keeping = base.read((client) => client.$queryRawUnsafe('SELECT pg_sleep(2)::text AS slept'));
      await sleep(200);
      expect(await select()).toEqual([{ um: 1 }]);
      expect((await readsOf('source', 'failed')) - failedBefore).toBe(1);
      await keeping;
      await until('it is read again', isRead, 3);
    } finally {
      await base.close();
    }
  });
});
