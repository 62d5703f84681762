import { setTimeout as sleep } from 'node:timers/promises';
import type { Cpf } from '@pessoa/domain/cpf';
import { cacheCounts } from '@pessoa/testkit/cache-counts';
import {
  documentedRights,
  makeUser,
  type OwnRedis,
  startRedis,
  startRedisCluster,
  startSentinel,
} from '@pessoa/testkit/redis-server';
import { EXEMPLO, openScore, type ScoreUnderTest } from './score-under-test.ts';

/** Of production; a lookup may take no longer. */
const CACHE_MILLIS = 150;
/** The 3 s, and as much again for a machine that is busy with other tests. */
const IN_USE_AGAIN_MILLIS = 6_000;
const PASSWORD = 'outra-senha';

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error('it did not come to be');
    await sleep(50);
  }
}

interface FaultCase {
  readonly fault: string;
  readonly begin: (redis: OwnRedis) => Promise<unknown>;
  readonly end: (redis: OwnRedis) => Promise<unknown>;
  /** Whether what was kept can still be read. */
  readonly canBeRead: boolean;
}

const faults: readonly FaultCase[] = [
  { fault: 'stopped', begin: (redis) => redis.stop(), end: (redis) => redis.start(), canBeRead: false },
  {
    fault: 'paused',
    begin: async (redis) => redis.pause(),
    end: async (redis) => redis.resume(),
    canBeRead: false,
  },
  {
    fault: 'a replica that takes no writes',
    begin: (redis) => redis.command('REPLICAOF', '127.0.0.1', '1'),
    end: (redis) => redis.command('REPLICAOF', 'NO', 'ONE'),
    canBeRead: true,
  },
  {
    fault: 'full',
    begin: (redis) => redis.command('CONFIG', 'SET', 'maxmemory', '1mb'),
    end: (redis) => redis.command('CONFIG', 'SET', 'maxmemory', '0'),
    canBeRead: true,
  },
  {
    fault: 'asking for another password',
    async begin(redis) {
      await redis.command('CONFIG', 'SET', 'requirepass', PASSWORD);
      // Who is in stays in: only a new connection is asked for it.
      await redis.command('-a', PASSWORD, '--no-auth-warning', 'CLIENT', 'KILL', 'TYPE', 'normal');
    },
    end: (redis) => redis.command('-a', PASSWORD, '--no-auth-warning', 'CONFIG', 'SET', 'requirepass', ''),
    canBeRead: false,
  },
];

describe.each(faults)('A Redis that is $fault', ({ begin, end, canBeRead }) => {
  let redis: OwnRedis;
  let score: ScoreUnderTest;
  beforeAll(async () => {
    redis = await startRedis();
    score = await openScore(() => ({ REDIS_URL: redis.url }));
  });
  afterAll(async () => {
    await score.close();
    await redis.close();
  });

  const ask = async (cpf: Cpf) => {
    const { status, body } = await score.ask(`{ pessoa(cpf: "${cpf}") { score { valor desatualizado } } }`);
    expect([status, body]).toEqual([200, { data: { pessoa: { score: { valor: 188, desatualizado: false } } } }]);
  };
  /** Asks until an answer comes from the cache; how long that took. */
  async function untilHit(cpf: Cpf): Promise<number> {
    const startedAt = performance.now();
    const { hit: before = 0 } = await cacheCounts(score.metricsUrl);
    while (((await cacheCounts(score.metricsUrl))['hit'] ?? 0) === before) {
      await ask(cpf);
      await sleep(50);
      if (performance.now() - startedAt > 30_000) throw new Error('the cache is not in use');
    }
    return performance.now() - startedAt;
  }

  it('costs nobody an answer and nearly nobody time, and is in use again soon after', async () => {
    const kept = await score.newTitular();
    await untilHit(kept);

    await begin(redis);
    const before = await cacheCounts(score.metricsUrl);
    const ASKED = 40;
    for (let round = 0; round < ASKED / 2; round++) {
      await ask(await score.newTitular());
      await ask(kept);
    }
    const after = await cacheCounts(score.metricsUrl);
    const grew = (result: string): number => (after[result] ?? 0) - (before[result] ?? 0);
    expect(grew('hit') + grew('miss') + grew('error') + grew('invalid')).toBe(ASKED);
    if (canBeRead) {
      // Refused a write, the client connects anew: a quick machine has asked all of them by then.
      await untilHit(kept);
    } else {
      expect([grew('error'), after.available]).toEqual([ASKED, 0]);
    }

    await end(redis);
    expect(await untilHit(kept)).toBeLessThan(IN_USE_AGAIN_MILLIS);
    const fresh = await score.newTitular();
    expect(await untilHit(fresh)).toBeLessThan(IN_USE_AGAIN_MILLIS);
    expect((await cacheCounts(score.metricsUrl)).available).toBe(1);
  });
});

describe('A Redis that is paused', () => {
  it('is asked until its breaker opens, each time for its budget and no longer, and then once a second', async () => {
    const redis = await startRedis();
    const score = await openScore(() => ({ REDIS_URL: redis.url }));
    const cpf = await score.newTitular(EXEMPLO);
    const query = `{ pessoa(cpf: "${cpf}") { score { valor } } }`;
    await score.ask(query);
    const before = await redis.calls('mget');
    redis.pause();
    const startedAt = performance.now();
    let slowest = 0;
    for (let asked = 0; asked < 60; asked++) {
      const askedAt = performance.now();
      expect((await score.ask(query)).body.errors).toBeUndefined();
      slowest = Math.max(slowest, performance.now() - askedAt);
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    redis.resume();
    const calls = (await redis.calls('mget')) - before;
    await score.close();
    await redis.close();
    // Ten failures open it; every further one was a probe.
    expect(calls).toBeGreaterThanOrEqual(1);
    expect(calls).toBeLessThanOrEqual(10 + Math.ceil(seconds));
    // The base answers in a few milliseconds; the rest of the room is for a busy machine.
    expect(slowest).toBeLessThan(CACHE_MILLIS + 2_000);
  });

  it('at start keeps nobody waiting, and is used as soon as it answers', async () => {
    const redis = await startRedis();
    redis.pause();
    const score = await openScore(() => ({ REDIS_URL: redis.url }));
    const cpf = await score.newTitular(EXEMPLO);
    const query = `{ pessoa(cpf: "${cpf}") { score { valor } } }`;
    for (let asked = 0; asked < 5; asked++) expect((await score.ask(query)).body.errors).toBeUndefined();
    expect(await cacheCounts(score.metricsUrl)).toMatchObject({ error: 5 });
    redis.resume();
    const deadline = performance.now() + IN_USE_AGAIN_MILLIS;
    while (!((await cacheCounts(score.metricsUrl))['hit'] ?? 0) && performance.now() < deadline) {
      await score.ask(query);
      await sleep(50);
    }
    expect((await cacheCounts(score.metricsUrl))['hit']).toBeGreaterThan(0);
    await score.close();
    await redis.close();
  });
});

describe('Two processes of Score over one Redis', () => {
  it('read a person once between them, and log nothing of the server’s password', async () => {
    const redis = await startRedis();
    await redis.command('CONFIG', 'SET', 'requirepass', PASSWORD);
    const variables = { REDIS_URL: redis.url, REDIS_PASSWORD: PASSWORD };
    const one = await openScore(() => variables);
    const other = await openScore(() => ({ ...variables, CPF_HASH_KEY: one.environment.env['CPF_HASH_KEY']! }));
    const cpf = await one.newTitular(EXEMPLO);
    const query = `{ pessoa(cpf: "${cpf}") { score { valor } } }`;
    // The other's own base does not know the person: what it says of them can only be what the first one read.
    const answers: unknown[] = [];
    for (const score of [one, other]) {
      await until(async () => {
        answers.push((await score.ask(query)).body);
        return ((await cacheCounts(score.metricsUrl))['hit'] ?? 0) > 0;
      });
    }
    expect(answers.at(-1)).toEqual(answers[0]);
    expect(answers[0]).toEqual({ data: { pessoa: { score: { valor: expect.any(Number) } } } });
    await redis.stop();
    for (const { environment } of [one, other]) {
      await until(async () => environment.logLines().join('').includes('the cache is lost'));
      expect(environment.logLines().join('')).not.toContain(PASSWORD);
    }
    await Promise.all([one.close(), other.close()]);
    await redis.close();
  });
});

describe('Score finds its Redis', () => {
  async function reads(variables: Record<string, string>): Promise<void> {
    const score = await openScore(() => ({ REDIS_URL: '', ...variables }));
    const cpf = await score.newTitular(EXEMPLO);
    const startedAt = performance.now();
    while (!(await cacheCounts(score.metricsUrl))['hit'] && performance.now() - startedAt < 15_000) {
      expect((await score.ask(`{ pessoa(cpf: "${cpf}") { score { valor } } }`)).body.errors).toBeUndefined();
      await sleep(50);
    }
    expect((await cacheCounts(score.metricsUrl))['hit']).toBeGreaterThan(0);
    await score.close();
  }

  it('in a cluster, by some of its nodes, as the user it is given', async () => {
    const nodes = await startRedisCluster();
    const rights = [...documentedRights.always, ...documentedRights.inCluster];
    for (const node of nodes) await makeUser(node, { username: 'score', password: PASSWORD }, rights);
    await reads({
      REDIS_CLUSTER: `127.0.0.1:${nodes[0]!.port},127.0.0.1:${nodes[1]!.port}`,
      REDIS_USERNAME: 'score',
      REDIS_PASSWORD: PASSWORD,
    });
    const sizes = await Promise.all(nodes.map((node) => node.command('DBSIZE')));
    expect(sizes.toSorted()).toEqual(['0', '0', '1']);
    await Promise.all(nodes.map((node) => node.close()));
  });

  it('behind a sentinel, by the name of the master, as the user it is given', async () => {
    const master = await startRedis();
    await makeUser(master, { username: 'score', password: PASSWORD }, documentedRights.always);
    const sentinel = await startSentinel('mestre', master);
    await reads({
      REDIS_SENTINELS: `127.0.0.1:${sentinel.port}`,
      REDIS_SENTINEL_NAME: 'mestre',
      REDIS_USERNAME: 'score',
      REDIS_PASSWORD: PASSWORD,
    });
    expect(await master.command('DBSIZE')).toBe('1');
    await Promise.all([sentinel.close(), master.close()]);
  });
});
