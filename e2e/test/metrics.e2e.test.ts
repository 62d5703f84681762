import type { Cpf } from '@pessoa/domain/cpf';
import { publicErrors } from '@pessoa/domain/errors';
import { serviceNames } from '@pessoa/domain/services';
import { restRoutes } from '@pessoa/rest/routes';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { personalDataIn } from '@pessoa/testkit/logs/personal-data';
import { addPerson, newCpf } from '../src/people.ts';
import { type Scrape, scrape } from '../src/scraped-metrics.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

/** From its third use on, the router answers an operation without Apollo Server. */
const USES = 4;
const NAME = 'query Nome($cpf: CPF!) { pessoa(cpf: $cpf) { nome } }';
/** More than an operation or a client may have series. */
const HOSTILE = 150;

describe('The metrics of the whole graph', () => {
  let graph: WholeGraph;
  let cpf: Cpf;
  let token: string;
  beforeAll(async () => {
    graph = await startWholeGraph({ env: { METRICS_CLIENTS: 'banco-inventado' } });
    cpf = await addPerson(graph);
    token = await graph.environment.token({ consentimento: [cpf] });
  });
  afterAll(() => graph.close());

  const ofRouter = (): Promise<Scrape> => scrape(graph.router.metricsUrl);
  const ofAll = (): Promise<Scrape[]> =>
    Promise.all(
      [graph.router, ...serviceNames.map((name) => graph.subgraphs[name])].map((each) => scrape(each.metricsUrl)),
    );

  it('count requests by route, known operation, status and code', async () => {
    for (let use = 0; use < USES; use++)
      await graphql(graph.router.url, { token, query: EXAMPLE_QUERY, variables: { cpf } });
    for (const { path } of restRoutes) await rest(graph.router.url, path.replace('{cpf}', cpf), token);
    await rest(graph.router.url, '/divida/11111111111', token);
    await rest(graph.router.url, `/nada/${cpf}`, token);
    const metrics = await ofRouter();
    const durations = 'pessoa_request_duration_seconds_count';
    expect(metrics.sum(durations, { route: '/graphql', operation: 'Pessoa' })).toBe(USES);
    for (const { path, name } of restRoutes)
      expect(metrics.sum(durations, { route: path.replace('{cpf}', ':cpf'), operation: name })).toBeGreaterThan(0);
    expect(metrics.sum('pessoa_requests_total', { route: '/graphql', status: '200', code: 'none' })).toBe(USES);
    expect(metrics.sum('pessoa_requests_total', { route: '/divida/:cpf', code: 'CPF_INVALIDO', status: '400' })).toBe(
      1,
    );
    expect(metrics.sum('pessoa_requests_total', { route: '(none)', code: 'ROTA_DESCONHECIDA' })).toBe(1);
  });

  it('say which way each operation took', async () => {
    const before = await ofRouter();
    for (let use = 0; use < USES + 1; use++)
      await graphql(graph.router.url, { token, query: NAME, variables: { cpf } });
    const after = await ofRouter();
    const since = (way: string): number =>
      (after.sum('pessoa_operations_total', { way }) || 0) - (before.sum('pessoa_operations_total', { way }) || 0);
    expect(since('gateway')).toBeGreaterThan(0);
    expect(since('known')).toBeGreaterThan(0);
    expect(since('gateway') + since('compiled') + since('known')).toBe(USES + 1);
    const debt = await scrape(graph.subgraphs.debt.metricsUrl);
    expect(debt.sum('pessoa_operations_total', { way: 'apollo' })).toBeGreaterThan(0);
    expect(debt.sum('pessoa_operations_total', { way: 'known' })).toBeGreaterThan(0);
  });

  it('show the use of pools, the event loop, breakers and calls', async () => {
    await graphql(graph.router.url, { token, query: EXAMPLE_QUERY, variables: { cpf } });
    const router = await ofRouter();
    for (const subgraph of serviceNames) {
      expect(router.sum('pessoa_subgraph_call_duration_seconds_count', { subgraph, code: 'none' })).toBeGreaterThan(0);
      expect(router.sum('pessoa_breaker_open', { breaker: subgraph })).toBe(0);
    }
    expect(router.sum('pessoa_pool_size', { pool: 'audit' })).toBe(2);
    expect(router.sum('pessoa_audit_rows_total')).toBeGreaterThan(0);
    const pools = { debt: 'base-a', score: 'base-b', event: 'base-c' } as const;
    for (const name of serviceNames) {
      const subgraph = await scrape(graph.subgraphs[name].metricsUrl);
      const pool = pools[name];
      expect(subgraph.sum('pessoa_pool_connections', { pool })).toBeGreaterThan(0);
      expect(subgraph.sum('pessoa_pool_waiting', { pool })).toBe(0);
      expect(subgraph.sum('pessoa_sql_duration_seconds_count', { pool })).toBeGreaterThan(0);
      expect(subgraph.sum('pessoa_breaker_open', { breaker: pool })).toBe(0);
      expect(subgraph.sum('pessoa_event_loop_active_seconds_total')).toBeGreaterThan(0);
      expect(subgraph.sum('pessoa_event_loop_delay_seconds', { quantile: '0.99' })).toBeGreaterThanOrEqual(0);
    }
  });

  it('have bounded series and no personal data, whatever clients send', async () => {
    const { url } = graph.router;
    const named = await graph.environment.token({ clientId: 'banco-inventado', consentimento: [cpf] });
    await graphql(url, { token: named, query: NAME, variables: { cpf } });
    for (let index = 0; index < HOSTILE; index++) {
      const person = newCpf();
      const clientId = index % 2 === 0 ? person : `cliente-${person}`;
      const hostile = await graph.environment.token({ clientId, consentimento: [cpf] });
      const name = `Op_${person}_${index}`;
      const query = `query ${name} { ${name}: pessoa(cpf: "${person}") { nome } }`;
      await Promise.all([
        graphql(url, { token: hostile, query }),
        rest(url, `/divida/${person}`, hostile),
        rest(url, `/${name}/${person}`, hostile),
        fetch(`${url}/graphql?operationName=${name}`, { method: 'DELETE', headers: { 'x-cpf': person } }),
      ]);
    }
    const closedTable = new Set([...Object.keys(publicErrors), 'none']);
    for (const { text, samples } of await ofAll()) {
      const labelTexts = samples.flatMap(({ labels }) => Object.values(labels)).join('\n');
      expect([...personalDataIn(labelTexts)]).toEqual([]);
      expect(text).not.toContain(token.split('.')[2]);
      const series = Map.groupBy(samples, ({ name }) => name);
      for (const [name, { length }] of series) expect([name, length < 1_000]).toEqual([name, true]);
      const valuesOf = (metric: string, label: string) =>
        new Set(series.get(metric)?.map(({ labels }) => labels[label]));
      for (const code of valuesOf('pessoa_requests_total', 'code')) expect(closedTable).toContain(code);
      for (const client of valuesOf('pessoa_client_requests_total', 'client'))
        expect(['banco-inventado', 'other']).toContain(client);
      expect(valuesOf('pessoa_request_duration_seconds_count', 'operation').size).toBeLessThan(66);
      expect(samples.filter(({ labels }) => Object.values(labels).some((value) => value.includes('Op_')))).toEqual([]);
    }
    expect((await ofRouter()).sum('pessoa_client_requests_total', { client: 'banco-inventado' })).toBe(1);
  });
});
