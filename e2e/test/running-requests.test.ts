import { cpfSequence } from '@pessoa/testkit/cpf-sequence';
import { graphql } from '@pessoa/testkit/graphql-client';
import { addPerson } from '../src/people.ts';
import { until } from '../src/replicated-debt.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const NAMES = 'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { nome } }';
const NAME = 'query ($cpf: CPF!) { pessoa(cpf: $cpf) { nome } }';

describe('A router with more requests than it can run', () => {
  let graph: WholeGraph;
  let cpf: string;
  let token: string;
  beforeAll(async () => {
    graph = await startWholeGraph();
    cpf = await addPerson(graph);
    token = await graph.environment.token();
  });
  afterAll(() => graph.close());

  const ask = (url: string, query = NAME) => graphql(url, { token, query, variables: { cpf } });
  /** The values of one moment. */
  const gauges = async (metricsUrl: string | undefined, ...names: string[]): Promise<number[]> => {
    const metrics = await (await fetch(`${metricsUrl}/metrics`)).text();
    return names.map((name) => Number(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'm').exec(metrics)?.[1]));
  };
  const gauge = async (metricsUrl: string | undefined, name: string): Promise<number> =>
    (await gauges(metricsUrl, name))[0]!;

  it('makes some wait, and lets them run when the others only wait for a source', async () => {
    const { url, metricsUrl } = await graph.startAnotherRouter({ DEBT_TIMEOUT_MILLIS: '8000' });
    graph.relays.debt.fail({ kind: 'hung' });
    // Of each client one request waits for room.
    const tokens = await Promise.all(
      Array.from({ length: 100 }, (_, index) => graph.environment.token({ clientId: `cliente-${index}` })),
    );
    const sent = Promise.all(
      tokens.map((each) => graphql(url, { token: each, query: NAME, variables: { cpf } }).then(({ status }) => status)),
    );
    const deadline = performance.now() + 30_000;
    let waiting = 0;
    // They wait for a moment only, so without a pause.
    while (waiting === 0 && performance.now() < deadline) waiting = await gauge(metricsUrl, 'pessoa_requests_waiting');
    expect(waiting).toBeGreaterThan(0);
    await until('none waits', async () => (await gauge(metricsUrl, 'pessoa_requests_waiting')) === 0);
    expect(await gauge(metricsUrl, 'pessoa_requests_running')).toBe(100);
    expect(new Set(await sent)).toEqual(new Set([200]));
    expect(await gauge(metricsUrl, 'pessoa_requests_running')).toBe(0);
    graph.relays.debt.fail(undefined);
    await until('Debt answers', async () => (await ask(url)).body.errors === undefined);
  });

  it('makes a list wait when the people of the lists that run are too many', async () => {
    const { url, metricsUrl } = await graph.startAnotherRouter({ DEBT_TIMEOUT_MILLIS: '8000' });
    const next = cpfSequence(530_000_000);
    const cpfs = Array.from({ length: 90 }, next);
    graph.relays.debt.fail({ kind: 'hung' });
    const sent = Promise.all(
      Array.from({ length: 4 }, async (_, index) => {
        const clientToken = await graph.environment.token({ clientId: `lista-${index}` });
        return graphql(url, { token: clientToken, query: NAMES, variables: { cpfs } });
      }),
    );
    const deadline = performance.now() + 30_000;
    let [waiting, people] = [0, 0];
    while (waiting === 0 && performance.now() < deadline)
      [waiting, people] = (await gauges(metricsUrl, 'pessoa_requests_waiting', 'pessoa_people_running')) as [number, number]; // prettier-ignore
    expect(waiting).toBeGreaterThan(0);
    expect(people).toBeLessThan(360);
    await until('all run', async () => (await gauge(metricsUrl, 'pessoa_people_running')) === 360);
    expect((await sent).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await gauge(metricsUrl, 'pessoa_people_running')).toBe(0);
    graph.relays.debt.fail(undefined);
    await until('Debt answers', async () => (await ask(url)).body.errors === undefined);
  });

  it('has room again when the requests of clients that have left are over, and not before', async () => {
    const { url, metricsUrl } = await graph.startAnotherRouter({ DEBT_TIMEOUT_MILLIS: '3000' });
    graph.relays.debt.fail({ kind: 'hung' });
    const leaving = new AbortController();
    const sent = Promise.allSettled(
      Array.from({ length: 60 }, (_, index) =>
        fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ query: `${NAME} # ${index}`, variables: { cpf } }),
          signal: leaving.signal,
        }),
      ),
    );
    await until('requests run', async () => (await gauge(metricsUrl, 'pessoa_requests_running')) >= 24);
    leaving.abort();
    await sent;
    expect(await gauge(metricsUrl, 'pessoa_requests_running')).toBeGreaterThanOrEqual(24);
    await until('none runs', async () => (await gauge(metricsUrl, 'pessoa_requests_running')) === 0);
    expect(await gauge(metricsUrl, 'pessoa_requests_waiting')).toBe(0);
    graph.relays.debt.fail(undefined);
    await until('Debt answers', async () => (await ask(url)).body.errors === undefined);
  });
});
