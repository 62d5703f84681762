import { type Service, serviceNames } from '@pessoa/domain/services';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { addPerson } from '../src/people.ts';
import type { Fault } from '../src/relay.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const ROUTER_BUDGET_MILLIS = 3_000;

const faults: [string, Fault, string[]][] = [
  ['killed', { kind: 'dropped' }, ['FONTE_INDISPONIVEL']],
  ['hung', { kind: 'hung' }, ['FONTE_LENTA']],
  ['answering null', { kind: 'answers', body: 'null' }, ['FONTE_INVALIDA']],
  ['answering {}', { kind: 'answers', body: '{}' }, ['FONTE_INVALIDA']],
  ['answering {"data":null}', { kind: 'answers', body: '{"data":null}' }, ['FONTE_INVALIDA']],
  ['answering a null person', { kind: 'answers', body: '{"data":{"pessoa":null}}' }, ['FONTE_INVALIDA']],
  [
    'answering a page',
    { kind: 'answers', body: '<html>bad gateway</html>', status: 502 },
    ['FONTE_INDISPONIVEL', 'FONTE_INVALIDA'],
  ],
];

const lostOf: Record<Service, { fonte: string; paths: string[]; route: string }> = {
  debt: { fonte: 'divida', paths: ['pessoa.dividas', 'pessoa.nome'], route: 'divida' },
  score: { fonte: 'score', paths: ['pessoa.score'], route: 'score' },
  event: { fonte: 'evento', paths: ['pessoa.eventos'], route: 'evento' },
};

describe.each(serviceNames)('%s, lost, costs its own fields and no others, when it is', (name) => {
  let graph: WholeGraph;
  let cpf: string;
  let token: string;

  beforeAll(async () => {
    graph = await startWholeGraph();
    cpf = await addPerson(graph);
    token = await graph.environment.token({ consentimento: [cpf] });
  });
  afterAll(() => graph.close());
  afterEach(() => graph.relays[name].fail(undefined));

  it.each(faults)('%s', async (_, fault, codes) => {
    const whole = await graphql(graph.router.url, { token, query: EXAMPLE_QUERY, variables: { cpf } });
    expect(whole.body.errors).toBeUndefined();
    // A router of the case's own, whose breakers know nothing of the other faults. The lost one has the time of
    // production, the others what a busy machine needs.
    const router = await graph.startAnotherRouter({ [`${name.toUpperCase()}_TIMEOUT_MILLIS`]: '' });
    graph.relays[name].fail(fault);
    const startedAt = performance.now();
    const { status, body } = await graphql(router.url, { token, query: EXAMPLE_QUERY, variables: { cpf } });
    expect(performance.now() - startedAt).toBeLessThan(ROUTER_BUDGET_MILLIS);
    expect(status).toBe(200);

    const lost = lostOf[name];
    const errors = body.errors ?? [];
    expect(errors.map(({ path }) => path?.join('.')).toSorted()).toEqual(lost.paths);
    for (const { extensions } of errors) {
      expect(codes).toContain(extensions?.code);
      expect(extensions?.fonte).toBe(lost.fonte);
    }
    const expected: Record<string, unknown> = {
      ...(whole.body.data?.['pessoa'] as unknown as Record<string, unknown>),
    };
    for (const path of lost.paths) expected[path.split('.')[1]!] = null;
    // What was read a moment ago is by now the last lookup of this person.
    const actual = body.data?.['pessoa'] as unknown as { eventos: { ultimaConsulta: unknown } | null };
    const normalise = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (key, one: unknown) => (key === 'ultimaConsulta' ? {} : one)));
    expect(normalise(actual)).toEqual(normalise(expected));

    const answer = await rest(router.url, `/${lost.route}/${cpf}`, token);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(codes).toContain(answer.body['code']);
  });
});
