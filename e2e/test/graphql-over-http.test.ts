import { asRouter } from '@pessoa/testkit/as-router';
import { serverAudits } from 'graphql-http';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

describe('GraphQL over HTTP', () => {
  let graph: WholeGraph;
  beforeAll(async () => {
    graph = await startWholeGraph();
  });
  afterAll(() => graph.close());

  it.each(['router', 'debt', 'score', 'event'] as const)('%s passes all audits of the specification', async (name) => {
    const token = await graph.environment.token();
    const { url } = name === 'router' ? graph.router : graph.subgraphs[name];
    const sign = name === 'router' ? undefined : asRouter(graph.environment.env, name);
    const signed = (input: string, { method = 'GET', body }: RequestInit, headers: Record<string, string>) => {
      const { pathname, search } = new URL(input);
      return { ...headers, ...sign?.(headers, typeof body === 'string' ? body : '', method, pathname + search) };
    };
    const audits = serverAudits({
      url: `${url}/graphql`,
      fetchFn: (input: string, init: RequestInit = {}) =>
        fetch(input, {
          ...init,
          headers: signed(input, init, { ...(init.headers as object), authorization: `Bearer ${token}` }),
        }),
    });
    const results = await Promise.all(audits.map(async (audit) => ({ name: audit.name, result: await audit.fn() })));
    expect(results.length).toBeGreaterThan(50);
    expect(results.filter(({ result }) => result.status === 'error').map((failed) => failed.name)).toEqual([]);
  });
});
