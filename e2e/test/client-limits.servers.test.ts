import type { RunningService } from '@pessoa/service/processes/process';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { type OwnRedis, startRedis } from '@pessoa/testkit/redis-server';
import { addPerson, newCpf } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const NAMES = 'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { nome } }';

describe('The limits of a client over a Redis', () => {
  let redis: OwnRedis;
  let graph: WholeGraph;
  let cpf: string;
  let clients = 0;
  beforeAll(async () => {
    redis = await startRedis();
    graph = await startWholeGraph({
      env: {
        REDIS_URL: redis.url,
        RATE_LIMIT_MILLIS: '300',
        RATE_LIMIT_REQUESTS: '6',
        RATE_LIMIT_PEOPLE: '20',
        RATE_LIMIT_COST: '0',
      },
    });
    cpf = await addPerson(graph);
  });
  afterAll(async () => {
    await graph.close();
    await redis.close();
  });

  const newToken = (): Promise<string> => graph.environment.token({ clientId: `cliente-${clients++}` });
  /** Another router, once it counts in Redis. */
  async function routerInRedis(env: Record<string, string> = {}): Promise<RunningService> {
    const router = await graph.startAnotherRouter(env);
    await untilShared(router);
    return router;
  }
  async function untilShared({ url }: RunningService): Promise<void> {
    for (let wait = 0; wait < 100; wait++) {
      const before = await redis.calls('evalsha');
      await graphql(url, { token: await newToken(), query: '{ __typename }' });
      if ((await redis.calls('evalsha')) > before) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('the router does not count in Redis');
  }

  it('are one budget for two routers and for the REST routes of the subgraphs', async () => {
    const routers = [await routerInRedis(), await routerInRedis()];
    const token = await newToken();
    const statuses: number[] = [];
    for (let count = 0; count < 4; count++) {
      statuses.push((await graphql(routers[count % 2]!.url, { token, query: '{ __typename }' })).status);
    }
    statuses.push((await rest(graph.subgraphs.debt.url, `/divida/${cpf}`, token)).status);
    statuses.push((await rest(graph.subgraphs.score.url, `/score/${cpf}`, token)).status);
    for (const { url } of routers) statuses.push((await graphql(url, { token, query: '{ __typename }' })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
  });

  it('admit no more than the quota of CPFs, however many operations two routers get at once', async () => {
    const routers = [await routerInRedis({ RATE_LIMIT_REQUESTS: '1000' }), await routerInRedis({ RATE_LIMIT_REQUESTS: '1000' })]; // prettier-ignore
    const token = await newToken();
    const asked = Array.from({ length: 20 }, () => [cpf, newCpf(), newCpf()]);
    const answers = await Promise.all(
      asked.map((cpfs, index) => graphql(routers[index % 2]!.url, { token, query: NAMES, variables: { cpfs } })),
    );
    const admitted = new Set(asked.filter((_, index) => answers[index]!.status === 200).flat());
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
    expect(admitted.size).toBe(19); // a twentieth would need an operation with one new CPF
    expect((await graphql(routers[0]!.url, { token, query: NAMES, variables: { cpfs: [newCpf()] } })).status).toBe(200);
    expect((await graphql(routers[1]!.url, { token, query: NAMES, variables: { cpfs: [newCpf()] } })).status).toBe(429);
  });

  it('have no client and no CPF in clear in Redis', async () => {
    const router = await routerInRedis();
    await graphql(router.url, { token: await newToken(), query: NAMES, variables: { cpfs: [cpf] } });
    const keys = (await redis.command('KEYS', 'limit:*')).split('\n');
    const members = await Promise.all(
      keys.filter((key) => key.startsWith('limit:people')).map((key) => redis.command('SMEMBERS', key)),
    );
    expect(members.join('')).toMatch(/[0-9a-f]{32}/);
    expect([...keys, ...members].join('\n')).not.toMatch(new RegExp(`cliente|${cpf}`));
  });

  it.each([
    ['dies', () => redis.stop(), () => redis.start()],
    ['hangs', async () => redis.pause(), async () => redis.resume()],
  ] as const)(
    'hold in the memory of the router while the Redis %s, and no request fails',
    async (_, lose, bringBack) => {
      const router = await routerInRedis();
      const warmToken = await newToken();
      await graphql(router.url, { token: warmToken, query: '{ __typename }' });
      await lose();
      try {
        const token = await newToken();
        const statuses: number[] = [];
        for (let count = 0; count < 8; count++) {
          const answer = await graphql(router.url, { token, query: NAMES, variables: { cpfs: [cpf] } });
          statuses.push(answer.status);
          expect(answer.body.data?.['pessoas'] ?? answer.body.errors?.[0]?.extensions?.code).toEqual(
            answer.status === 200 ? [{ nome: 'Bruno Fictício' }] : 'RATE_LIMITED',
          );
        }
        expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
      } finally {
        await bringBack();
      }
      await untilShared(router);
    },
  );
});
