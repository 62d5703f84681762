import { restRoutes } from '@pessoa/rest/routes';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import type { RunningService } from '@pessoa/service/processes/process';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { addPerson, newCpf } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const NAMES = 'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { nome } }';

/** Counts in memory from the first request on; `client-limits.servers.test.ts` counts in a Redis. */
const WITHOUT_REDIS = { REDIS_URL: '' };

describe('The limits of a client', () => {
  let graph: WholeGraph;
  let cpf: string;
  let clients = 0;
  beforeAll(async () => {
    graph = await startWholeGraph({ env: WITHOUT_REDIS });
    cpf = await addPerson(graph);
  });
  afterAll(() => graph.close());

  /** A token of a client that has sent nothing yet. */
  const newToken = (): Promise<string> =>
    graph.environment.token({ clientId: `cliente-${clients++}`, consentimento: [cpf] });
  const routerWith = (quotas: { requests?: number; people?: number; cost?: number }): Promise<RunningService> =>
    graph.startAnotherRouter({
      RATE_LIMIT_REQUESTS: String(quotas.requests ?? 0),
      RATE_LIMIT_PEOPLE: String(quotas.people ?? 0),
      RATE_LIMIT_COST: String(quotas.cost ?? 0),
    });
  const sendName = (url: string, token: string) =>
    graphql(url, { token, query: '{ __typename }' }).then(({ status, headers, body }) => ({ status, headers, body }));

  it('count requests of GraphQL and REST together, and each client alone', async () => {
    const { url } = await routerWith({ requests: 3 });
    const [token, otherToken] = [await newToken(), await newToken()];
    const first = await sendName(url, token);
    expect(first.headers.get('ratelimit-policy')).toBe('"requests";q=3;w=60;qu="requests"');
    expect(first.headers.get('ratelimit')).toMatch(/^"requests";r=2;t=(60|59)$/);
    expect((await rest(url, `/score/${cpf}`, token)).headers.get('ratelimit')).toMatch(/^"requests";r=1;t=\d\d$/);
    expect((await rest(url, '/score/1', token)).headers.get('ratelimit')).toMatch(/^"requests";r=0;t=\d\d$/);

    const byGraphql = await sendName(url, token);
    expect(byGraphql.status).toBe(429);
    expect(byGraphql.body).toEqual({
      errors: [{ message: 'Your client has at most 3 requests in 60 s.', extensions: { code: 'RATE_LIMITED' } }],
    });
    const byRest = await rest(url, `/score/${cpf}`, token);
    expect(byRest.status).toBe(429);
    expect(byRest.body).toMatchObject({ code: 'RATE_LIMITED', type: '/erros/RATE_LIMITED', status: 429 });
    for (const { headers } of [byGraphql, byRest]) {
      expect(headers.get('ratelimit')).toMatch(/^"requests";r=0;t=\d\d$/);
      expect(headers.get('ratelimit-policy')).toBe('"requests";q=3;w=60;qu="requests"');
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(50);
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    }
    expect((await sendName(url, otherToken)).status).toBe(200);
  });

  it('count requests before their body is read, and those without a purpose too', async () => {
    const { url } = await routerWith({ requests: 1 });
    const token = await graph.environment.token({ clientId: 'sem-finalidade', finalidade: null });
    expect((await sendName(url, token)).status).toBe(403);
    const refused = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: 'no JSON',
    });
    expect(refused.status).toBe(429);
  });

  it('name every quota, and what is left of those that a request uses', async () => {
    const { url } = await routerWith({ requests: 10, people: 5, cost: 2_000 });
    const token = await newToken();
    const { headers } = await graphql(url, { token, query: NAMES, variables: { cpfs: [cpf, newCpf()] } });
    expect(headers.get('ratelimit-policy')).toBe(
      '"requests";q=10;w=60;qu="requests", "people";q=5;w=60;qu="people", "cost";q=2000;w=60;qu="points"',
    );
    expect(headers.get('ratelimit')).toMatch(/^"requests";r=9;t=\d\d, "people";r=3;t=\d\d, "cost";r=\d+;t=\d\d$/);
  });

  it('refuse an operation with too many different CPFs before anything is read', async () => {
    const { url } = await routerWith({ people: 3 });
    const token = await newToken();
    const [known, ...cpfs] = [cpf, newCpf(), newCpf(), newCpf()] as [string, ...string[]];
    const ask = (asked: readonly string[]) => graphql(url, { token, query: NAMES, variables: { cpfs: asked } });
    expect((await ask([known, cpfs[0]!])).status).toBe(200);
    for (const relay of Object.values(graph.relays)) relay.takeRequestCount();
    const auditRows = await countAudit();
    const refused = await ask([known, cpfs[1]!, cpfs[2]!]);
    expect(refused.status).toBe(429);
    expect(refused.body.errors).toEqual([
      {
        message: 'Your client may ask for at most 3 different CPFs in 60 s.',
        extensions: { code: 'RATE_LIMITED' },
      },
    ]);
    expect(refused.body.data).toBeUndefined();
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(Object.values(graph.relays).map((relay) => relay.takeRequestCount())).toEqual([0, 0, 0]);
    expect(await countAudit()).toBe(auditRows);
    // The refused CPFs are not counted, and a CPF that was counted stays free.
    expect((await ask([known, cpfs[0]!, cpfs[1]!])).status).toBe(200);
    const byRest = await rest(url, `/score/${cpfs[2]!}`, token);
    expect([byRest.status, Number(byRest.headers.get('retry-after')) > 50]).toEqual([429, true]);
    expect((await rest(url, `/score/${known}`, token)).status).toBe(200);
  });

  it('do not count the people of an operation with a bad argument', async () => {
    const { url } = await routerWith({ people: 1 });
    const token = await newToken();
    const query = 'query ($cpf: CPF!) { pessoa(cpf: $cpf) { dividas(first: 1000) { totalCount } } }';
    const bad = await graphql(url, { token, query, variables: { cpf: newCpf() } });
    expect(bad.status).toBe(400);
    expect((await rest(url, `/score/${cpf}`, token)).status).toBe(200);
  });

  it('count a REST request of the router once, and do not count what the router asks of a subgraph', async () => {
    const limited = await startWholeGraph({
      env: { ...WITHOUT_REDIS, RATE_LIMIT_REQUESTS: '2', RATE_LIMIT_PEOPLE: '1', RATE_LIMIT_COST: '0' },
    });
    try {
      const person = await addPerson(limited);
      const token = await limited.environment.token({ consentimento: [person] });
      await limited.waitUntilIndexed();
      for (let count = 0; count < 2; count++) {
        const answer = await graphql(limited.router.url, { token, query: EXAMPLE_QUERY, variables: { cpf: person } });
        expect([answer.status, answer.body.errors]).toEqual([200, undefined]);
      }
      expect((await rest(limited.router.url, `/score/${person}`, token)).status).toBe(429);
      // Without a Redis each process counts alone.
      const direct = await rest(limited.subgraphs.score.url, `/score/${person}`, token);
      expect(direct.headers.get('ratelimit-policy')).toBe(
        '"requests";q=2;w=60;qu="requests", "people";q=1;w=60;qu="people"',
      );
      const statuses: number[] = [];
      for (let count = 0; count < 3; count++) {
        statuses.push((await rest(limited.subgraphs.score.url, `/score/${person}`, token)).status);
      }
      expect(statuses.at(-1)).toBe(429);
    } finally {
      await limited.close();
    }
  });

  it('are off with 0, and then no answer has their headers', async () => {
    const { url } = await routerWith({});
    const { headers, status } = await sendName(url, await newToken());
    expect([status, headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([200, null, null]);
  });

  it('are for routes about people: pages and health have no limit', async () => {
    const { url } = await routerWith({ requests: 1 });
    for (const path of ['/health/live', '/erros/RATE_LIMITED', '/openapi.json']) {
      const answer = await fetch(`${url}${path}`, { headers: { accept: 'application/json' } });
      expect([path, answer.headers.get('ratelimit-policy')]).toEqual([path, null]);
    }
    expect(restRoutes).toHaveLength(5);
  });

  it('write no client in clear into a metric', async () => {
    const router = await routerWith({ requests: 1 });
    const token = await newToken();
    await sendName(router.url, token);
    await sendName(router.url, token);
    const metrics = await (await fetch(`${router.metricsUrl}/metrics`)).text();
    expect(metrics).toMatch(/^pessoa_rate_limited_total\{quota="requests",service="router"\} 1$/m);
    expect(metrics).not.toContain('cliente-');
  });

  it('warn of a client that tries out CPFs, once in a window, without a CPF and without its name', async () => {
    const { url, metricsUrl } = await graph.startAnotherRouter({ ENUMERATION_CPFS: '3' });
    const warnings = (): string[] =>
      graph.environment.logLines().filter((line) => line.includes('a client may be trying out CPFs'));
    const unknown = Array.from({ length: 6 }, newCpf).filter((_, index) => index % 2 === 0);
    const variables = { cpfs: [cpf, ...unknown] };
    const token = await newToken();
    const before = warnings().length;
    expect((await graphql(url, { token, query: NAMES, variables })).status).toBe(200);
    await rest(url, `/score/${newCpf()}`, token);
    expect(
      warnings()
        .slice(before)
        .map((line) => JSON.parse(line) as object),
    ).toEqual([
      expect.objectContaining({ sinal: 'desconhecidos', desconhecidos: 3, cliente: expect.stringMatching(/^[0-9a-f]{32}$/) }), // prettier-ignore
    ]);
    const other = await newToken();
    for (const bad of ['1', '2', '3', '4']) await rest(url, `/score/${bad}`, other);
    expect(
      warnings()
        .slice(before + 1)
        .map((line) => JSON.parse(line) as object),
    ).toEqual([expect.objectContaining({ sinal: 'invalidos', invalidos: 3 })]);
    for (const text of ['cliente-', cpf, ...unknown]) expect(warnings().join('\n')).not.toContain(text);
    expect(await (await fetch(`${metricsUrl}/metrics`)).text()).toContain('sinal="desconhecidos"');
  });

  async function countAudit(): Promise<number> {
    const { rows } = await graph.bases.auditoria.owner.query('SELECT count(*)::int AS count FROM acesso');
    return (rows[0] as { count: number }).count;
  }
});
