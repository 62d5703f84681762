import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { cacheUsers, makeUser, type OwnRedis, startRedis, startRedisCluster } from '@pessoa/testkit/redis-server';
import { redisServer } from '@pessoa/testkit/servers';
import { fallbackQuotaCounters } from '../../src/limits/fallback-quota-counters.ts';
import { memoryQuotaCounters } from '../../src/limits/memory-quota-counters.ts';
import type { QuotaCounters } from '../../src/limits/quota-counters.ts';
import { redisQuotaCounters } from '../../src/limits/redis-quota-counters.ts';
import { connectRedis, type RedisPlace, untilReady } from '../../src/redis/redis-connection.ts';
import { newClient, people, QUOTAS, quotaCountersContract } from './quota-counters-contract.ts';

const NOBODY = { username: undefined, password: undefined };
const single = (url: string, user: { username: string | undefined; password: string | undefined } = NOBODY): RedisPlace => ({ kind: 'single', url, ...user }); // prettier-ignore

async function open(place: RedisPlace, commandMillis = 5_000, quotas = QUOTAS): Promise<QuotaCounters> {
  const client = connectRedis(place, { commandMillis });
  await untilReady(client, 10_000);
  return redisQuotaCounters(client, quotas);
}

quotaCountersContract('in Redis', (quotas) => open(single(redisServer()), 5_000, quotas));

describe('A cluster', () => {
  let nodes: readonly OwnRedis[];
  beforeAll(async () => {
    nodes = await startRedisCluster();
  }, 60_000);
  afterAll(() => Promise.all(nodes.map((node) => node.close())));

  it('counts people and cost of a client in one script', async () => {
    const place: RedisPlace = { kind: 'cluster', nodes: nodes.map(({ port }) => ({ host: '127.0.0.1', port })), ...NOBODY }; // prettier-ignore
    const counters = await open(place);
    for (let count = 0; count < 10; count++) {
      const use = { people: people(0, 2), cost: 5 };
      const client = newClient();
      expect(await counters.countOperation(client, use)).toMatchObject({ people: { used: 2 }, cost: { used: 5 } });
      expect((await counters.countRequest(client)).used).toBe(1);
    }
    await counters.close();
  });
});

describe('The counters in Redis', () => {
  let redis: OwnRedis;
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(() => redis.close());

  it('are shared by processes: together they never admit more people than the quota', async () => {
    const quotas = { ...QUOTAS, people: 300 };
    const processes = await Promise.all([1, 2].map(() => open(single(redis.url), 5_000, quotas)));
    const client = newClient();
    const uses = Array.from({ length: 200 }, (_, index) => people((index * 7) % 500, 7));
    const counts = await Promise.all(
      uses.map((asked, index) => processes[index % 2]!.countOperation(client, { people: asked, cost: 0 })),
    );
    const admitted = new Set(uses.filter((_, index) => !counts[index]!.refusedBy).flat());
    expect(admitted.size).toBeLessThanOrEqual(300);
    expect(admitted.size).toBeGreaterThan(293);
    expect(Number(await redis.command('SCARD', `limit:people:{${client}}`))).toBe(admitted.size);
    await Promise.all(processes.map((counters) => counters.close()));
  });

  it('take one round trip for an operation, whatever the number of its people', async () => {
    const counters = await open(single(redis.url), 5_000, { ...QUOTAS, people: 1_000 });
    await counters.countOperation(newClient(), { people: people(0, 1), cost: 1 });
    const before = await redis.calls('evalsha');
    await counters.countOperation(newClient(), { people: people(0, 500), cost: 1 });
    expect((await redis.calls('evalsha')) - before).toBe(1);
    await counters.close();
  });

  it('expire with their window', async () => {
    const counters = await open(single(redis.url));
    const client = newClient();
    await counters.countRequest(client);
    await counters.countOperation(client, { people: people(0, 1), cost: 1 });
    const keys = (await redis.command('KEYS', '*')).split('\n');
    expect(keys).toHaveLength(3);
    for (const key of keys) {
      const left = Number(await redis.command('PTTL', key));
      expect(left).toBeGreaterThan(50_000);
      expect(left).toBeLessThanOrEqual(60_000);
    }
    await counters.close();
  });

  it('work with the rights of docs/operations.md', async () => {
    const user = { username: 'pessoa', password: 'uma-senha' };
    await makeUser(redis, user, cacheUsers.services.rights, cacheUsers.services.keys);
    const counters = await open(single(redis.url, user));
    const client = newClient();
    expect((await counters.countRequest(client)).used).toBe(1);
    expect(await counters.countOperation(client, { people: people(0, 2), cost: 3 })).toMatchObject({
      people: { used: 2 },
      cost: { used: 3 },
    });
    await counters.close();
  });

  it('refuse a client over its quota of requests without asking Redis again', async () => {
    const counters = await open(single(redis.url));
    const client = newClient();
    for (let count = 0; count < 4; count++) await counters.countRequest(client);
    const before = await redis.calls('evalsha');
    const refused = await counters.countRequest(client);
    expect(refused.used).toBeGreaterThan(QUOTAS.requests!);
    expect(refused.resetMillis).toBeGreaterThan(50_000);
    expect(await redis.calls('evalsha')).toBe(before);
    await counters.close();
  });
});

describe('While Redis does not answer', () => {
  let redis: OwnRedis;
  let counters: ReturnType<typeof fallbackQuotaCounters>;
  const openCounters = async (commandMillis: number): Promise<typeof counters> =>
    fallbackQuotaCounters(await open(single(redis.url), commandMillis), memoryQuotaCounters(QUOTAS));
  beforeEach(async () => {
    redis = await startRedis();
    counters = await openCounters(50);
  });
  afterEach(async () => {
    await counters.close();
    await redis.close();
  });

  const timeOf = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };

  it('the process counts in its memory: no count fails, and the quota holds', async () => {
    const client = newClient();
    await counters.close();
    counters = await openCounters(5_000); // on a busy machine the first count takes longer than 50 ms
    expect((await counters.countRequest(client)).used).toBe(1);
    expect(await redis.command('DBSIZE')).toBe('1');
    await redis.stop();
    const used: number[] = [];
    for (let count = 0; count < 5; count++) used.push((await counters.countRequest(client)).used);
    expect(used).toEqual([1, 2, 3, 4, 5]);
    expect(await counters.countOperation(client, { people: people(0, 11), cost: 0 })).toMatchObject({
      refusedBy: 'people',
    });
  });

  it('a Redis that hangs delays a few counts, and none once its breaker is open', async () => {
    redis.pause();
    const client = newClient();
    let delayed = 0;
    for (; counters.state() !== 'fora' && delayed < 30; delayed++) {
      // Redis itself would delay it for as long as it hangs.
      expect(await timeOf(() => counters.countRequest(client))).toBeLessThan(5_000);
    }
    expect(delayed).toBeLessThanOrEqual(12);
    const counted = counters.countRequest(client).then(() => 'at once');
    expect(await Promise.race([counted, nextTurn('later')])).toBe('at once');
    redis.resume();
    expect(counters.state()).toBe('fora');
  });

  it('it counts for all processes again soon after it is back', async () => {
    const client = newClient();
    await redis.stop();
    for (let count = 0; count < 20; count++) await counters.countRequest(newClient());
    await redis.start();
    for (let wait = 0; wait < 100 && (await redis.command('DBSIZE')) === '0'; wait++) {
      await counters.countRequest(client);
      await sleep(100);
    }
    expect(Number(await redis.command('DBSIZE'))).toBeGreaterThan(0);
    expect(counters.state()).not.toBe('fora');
  });
});
