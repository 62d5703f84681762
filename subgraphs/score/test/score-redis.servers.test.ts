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

/** The default time of a lookup. */
const CACHE_MILLIS = 150;
/** 3 s, and as much again for a busy machine. */
const IN_USE_AGAIN_MILLIS = 6_000;
const PASSWORD = 'outra-senha';

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error('the condition did not become true within 30 s');
    await sleep(50);
  }
}

interface FaultCase {
  readonly fault: string;
  readonly begin: (redis: OwnRedis) => Promise<unknown>;
  readonly end: (redis: OwnRedis) => Promise<unknown>;
  /** Whether cached profiles can still be read. */
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
      // Redis asks only new connections for the password.
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
  /** Asks until an answer comes from the cache. @returns how long that took, in milliseconds */
  async function untilHit(cpf: Cpf): Promise<number> {
    const startedAt = performance.now();
    const { hit: before = 0 } = await cacheCounts(score.metricsUrl);
    while (((await cacheCounts(score.metricsUrl))['hit'] ?? 0) === before) {
      await ask(cpf);
      await sleep(50);
      if (performance.now() - startedAt > 30_000) throw new Error('no answer came from the cache within 30 s');
    }
    return performance.now() - startedAt;
  }

  it('costs no answer and little time, and is in use again soon after', async () => {
    const cachedCpf = await score.newTitular();
    await untilHit(cachedCpf);

    await begin(redis);
    const before = await cacheCounts(score.metricsUrl);
    const REQUESTS = 40;
    for (let round = 0; round < REQUESTS / 2; round++) {
      await ask(await score.newTitular());
      await ask(cachedCpf);
    }
    const after = await cacheCounts(score.metricsUrl);
    const growthOf = (result: string): number => (after[result] ?? 0) - (before[result] ?? 0);
    expect(growthOf('hit') + growthOf('miss') + growthOf('error') + growthOf('invalid')).toBe(REQUESTS);
    if (canBeRead) {
      // After a refused write the client connects again. On a fast machine all requests may come before that.
      await untilHit(cachedCpf);
    } else {
      expect({ errors: growthOf('error'), available: after.available }).toEqual({ errors: REQUESTS, available: 0 });
    }

    await end(redis);
    expect(await untilHit(cachedCpf)).toBeLessThan(IN_USE_AGAIN_MILLIS);
    const newCpf = await score.newTitular();
    expect(await untilHit(newCpf)).toBeLessThan(IN_USE_AGAIN_MILLIS);
    expect((await cacheCounts(score.metricsUrl)).available).toBe(1);
  });
});

describe('A Redis that is paused', () => {
  it('is asked until its breaker opens, within its budget each time, and then once a second', async () => {
    const redis = await startRedis();
    const score = await openScore(() => ({ REDIS_URL: redis.url }));
    const cpf = await score.newTitular(EXEMPLO);
    const query = `{ pessoa(cpf: "${cpf}") { score { valor } } }`;
    await score.ask(query);
    const before = await redis.calls('mget');
    redis.pause();
    const startedAt = performance.now();
    let slowest = 0;
    for (let request = 0; request < 60; request++) {
      const requestedAt = performance.now();
      expect((await score.ask(query)).body.errors).toBeUndefined();
      slowest = Math.max(slowest, performance.now() - requestedAt);
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    redis.resume();
    const calls = (await redis.calls('mget')) - before;
    await score.close();
    await redis.close();
    // Ten failures open the breaker. Every further call is a probe.
    expect(calls).toBeGreaterThanOrEqual(1);
    expect(calls).toBeLessThanOrEqual(10 + Math.ceil(seconds));
    // Base B answers in a few milliseconds. The rest is for a busy machine.
    expect(slowest).toBeLessThan(CACHE_MILLIS + 2_000);
  });

  it('at the start of the service delays no answer, and is in use as soon as it answers', async () => {
    const redis = await startRedis();
    redis.pause();
    const score = await openScore(() => ({ REDIS_URL: redis.url }));
    const cpf = await score.newTitular(EXEMPLO);
    const query = `{ pessoa(cpf: "${cpf}") { score { valor } } }`;
    for (let request = 0; request < 5; request++) expect((await score.ask(query)).body.errors).toBeUndefined();
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
  it('read a person once between them, and do not log the password of the server', async () => {
    const redis = await startRedis();
    await redis.command('CONFIG', 'SET', 'requirepass', PASSWORD);
    const variables = { REDIS_URL: redis.url, REDIS_PASSWORD: PASSWORD };
    const first = await openScore(() => variables);
    const second = await openScore(() => ({ ...variables, CPF_HASH_KEY: first.environment.env['CPF_HASH_KEY']! }));
    const cpf = await first.newTitular(EXEMPLO);
    const query = `{ pessoa(cpf: "${cpf}") { score { valor } } }`;
    // The second one's base does not know the person: its answer can only come from what the first one read.
    const answers: unknown[] = [];
    for (const score of [first, second]) {
      await until(async () => {
        answers.push((await score.ask(query)).body);
        return ((await cacheCounts(score.metricsUrl))['hit'] ?? 0) > 0;
      });
    }
    expect(answers.at(-1)).toEqual(answers[0]);
    expect(answers[0]).toEqual({ data: { pessoa: { score: { valor: expect.any(Number) } } } });
    await redis.stop();
    for (const { environment } of [first, second]) {
      await until(async () => environment.logLines().join('').includes('the cache does not answer'));
      expect(environment.logLines().join('')).not.toContain(PASSWORD);
    }
    await Promise.all([first.close(), second.close()]);
    await redis.close();
  });
});

describe('Score finds its Redis', () => {
  async function expectCacheHit(variables: Record<string, string>): Promise<void> {
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

  it('in a cluster, by some of its nodes, as the configured user', async () => {
    const nodes = await startRedisCluster();
    const rights = [...documentedRights.always, ...documentedRights.inCluster];
    for (const node of nodes) await makeUser(node, { username: 'score', password: PASSWORD }, rights);
    await expectCacheHit({
      REDIS_CLUSTER: `127.0.0.1:${nodes[0]!.port},127.0.0.1:${nodes[1]!.port}`,
      REDIS_USERNAME: 'score',
      REDIS_PASSWORD: PASSWORD,
    });
    const sizes = await Promise.all(nodes.map((node) => node.command('DBSIZE')));
    expect(sizes.toSorted()).toEqual(['0', '0', '1']);
    await Promise.all(nodes.map((node) => node.close()));
  });

  it('behind a sentinel, by the name of the master, as the configured user', async () => {
    const master = await startRedis();
    await makeUser(master, { username: 'score', password: PASSWORD }, documentedRights.always);
    const sentinel = await startSentinel('mestre', master);
    await expectCacheHit({
      REDIS_SENTINELS: `127.0.0.1:${sentinel.port}`,
      REDIS_SENTINEL_NAME: 'mestre',
      REDIS_USERNAME: 'score',
      REDIS_PASSWORD: PASSWORD,
    });
    expect(await master.command('DBSIZE')).toBe('1');
    await Promise.all([sentinel.close(), master.close()]);
  });
});

describe('Two versions of the model over one Redis', () => {
  let redis: OwnRedis;
  let first: ScoreUnderTest;
  let second: ScoreUnderTest;
  beforeAll(async () => {
    redis = await startRedis();
    first = await openScore(() => ({ REDIS_URL: redis.url }));
    second = await openScore(() => ({
      REDIS_URL: redis.url,
      SCORE_MODEL: 'pessoa-2026.2',
      BASE_B_URL: first.bases.baseB.readerUrl,
      CPF_HASH_KEY: first.environment.env['CPF_HASH_KEY']!,
    }));
  });
  afterAll(async () => {
    await first.close();
    await second.close();
    await redis.close();
  });

  it('answer from one cached profile, each with its own score: no score is cached', async () => {
    const cpf = await first.newTitular(EXEMPLO);
    const query = `{ pessoa(cpf: "${cpf}") { score { valor modelo } } }`;
    const answers = [await first.ask(query), await second.ask(query), await first.ask(query)].map(({ body }) => body.data); // prettier-ignore
    const [a, b, again] = answers as unknown as { pessoa: { score: { valor: number; modelo: string } } }[];
    expect([a, b].map((answer) => answer!.pessoa.score.modelo)).toEqual(['pessoa-2026.1', 'pessoa-2026.2']);
    expect(a!.pessoa.score.valor).not.toBe(b!.pessoa.score.valor);
    expect(again).toEqual(a);
    expect((await cacheCounts(second.metricsUrl))['hit']).toBe(1);
  });
});
