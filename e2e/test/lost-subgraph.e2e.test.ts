import { type Service, serviceNames } from '@pessoa/domain/services';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { inTime } from '@pessoa/testkit/in-time';
import { addPerson } from '../src/people.ts';
import type { Fault } from '../src/relay.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

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

const ROUTER_BUDGET_MILLIS = 3_000;

const lostOf: Record<Service, { fonte: string; paths: string[]; route: string }> = {
  debt: { fonte: 'divida', paths: ['pessoa.dividas', 'pessoa.nome'], route: 'divida' },
  score: { fonte: 'score', paths: ['pessoa.score'], route: 'score' },
  event: { fonte: 'evento', paths: ['pessoa.eventos'], route: 'evento' },
};

describe.each(serviceNames)('Only the fields of %s are lost when it is', (name) => {
  let graph: WholeGraph;
  let cpf: string;
  let token: string;

  beforeAll(async () => {
    graph = await startWholeGraph({ wiring: 'relayed' });
    cpf = await addPerson(graph);
    token = await graph.environment.token({ consentimento: [cpf] });
  });
  afterAll(() => graph.close());
  afterEach(() => graph.relays[name].fail(undefined));

  it.each(faults)('%s', async (_, fault, codes) => {
    const completeAnswer = await graphql(graph.router.url, { token, query: EXAMPLE_QUERY, variables: { cpf } });
    expect(completeAnswer.body.errors).toBeUndefined();
    // Each case has its own router, so breakers start closed. The lost subgraph has its default timeout, the others long
    // ones for busy machines.
    const router = await graph.startAnotherRouter({ [`${name.toUpperCase()}_TIMEOUT_MILLIS`]: '' });
    graph.relays[name].fail(fault);
    const ask = () => graphql(router.url, { token, query: EXAMPLE_QUERY, variables: { cpf } });
    const { status, body } = await inTime(ROUTER_BUDGET_MILLIS, ask);
    expect(status).toBe(200);

    const lostFields = lostOf[name];
    const errors = body.errors ?? [];
    expect(errors.map(({ path }) => path?.join('.')).toSorted()).toEqual(lostFields.paths);
    for (const { extensions } of errors) {
      expect(codes).toContain(extensions?.code);
      expect(extensions?.fonte).toBe(lostFields.fonte);
    }
    const expected: Record<string, unknown> = {
      ...(completeAnswer.body.data?.['pessoa'] as unknown as Record<string, unknown>),
    };
    for (const path of lostFields.paths) expected[path.split('.')[1]!] = null;
    // `ultimaConsulta` differs: the earlier read is an inquiry too.
    const actual = body.data?.['pessoa'] as unknown as { eventos: { ultimaConsulta: unknown } | null };
    const normalise = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (key, fieldValue: unknown) => (key === 'ultimaConsulta' ? {} : fieldValue)));
    expect(normalise(actual)).toEqual(normalise(expected));

    const answer = await rest(router.url, `/${lostFields.route}/${cpf}`, token);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(codes).toContain(answer.body['code']);
  });
});
