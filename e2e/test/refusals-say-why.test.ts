import { fixedClock } from '@pessoa/domain/data';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { addPerson, newCpf } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

type TokenRequest = Parameters<WholeGraph['environment']['token']>[0];

const DENIED = 'UNAUTHORIZED_FIELD_OR_TYPE';
const escopo = (...escopos: string[]) => ({ motivo: 'ESCOPO', escopos });
const consentimento = { motivo: 'CONSENTIMENTO' };
const titular = { motivo: 'TITULAR' };

describe('A 403 has the same reason over GraphQL and REST, for a known and for an unknown person', () => {
  let graph: WholeGraph;
  let knownCpf: string;
  beforeAll(async () => {
    graph = await startWholeGraph({ clock: fixedClock('2026-11-22T15:00:00Z') });
    knownCpf = await addPerson(graph);
  });
  afterAll(() => graph.close());

  const holder = { cpf: newCpf() };
  const withOldOrder = { finalidade: 'ORDEM_JUDICIAL', ordemJudicial: 'x', consentimento: [] } as const;

  it.each<[string, string, TokenRequest, object]>([
    ['/divida', 'without its scopes', { scope: 'score:read' }, escopo('divida:read', 'cadastro:read')],
    [
      '/divida',
      'without the scope of cadastral data',
      { scope: 'divida:read' },
      escopo('divida:read', 'cadastro:read'),
    ],
    ['/divida', 'of another holder', holder, titular],
    ['/score', 'without any scope', { scope: '' }, escopo('score:read', 'score:detalhe')],
    ['/score', 'without the scope of cadastral data', { scope: 'score:read score:detalhe' }, escopo('cadastro:read')],
    ['/score', 'without one of its scopes', { scope: 'score:read' }, escopo('score:detalhe')],
    ['/score', 'of another holder', holder, titular],
    ['/score', 'of another holder, without a scope', { ...holder, scope: 'score:read' }, escopo('score:detalhe')],
    ['/evento', 'without its first scope', { scope: 'evento:movimentacao' }, escopo('evento:read')],
    ['/evento', 'without its second scope', { scope: 'evento:read' }, escopo('evento:movimentacao')],
    ['/evento', 'without consent', { consentimento: [] }, consentimento],
    ['/evento/movtofinanceiro', 'with a consent of somebody else', { consentimento: [newCpf()] }, consentimento],
    ['/evento/ultcompracartao', 'with an order of who is no court', withOldOrder, consentimento],
    ['/evento/ultcompracartao', 'of another holder', holder, titular],
  ])('GET %s %s', async (route, _, request, recusa) => {
    const token = await graph.environment.token(request);
    const service = route.startsWith('/divida') ? 'debt' : route.startsWith('/score') ? 'score' : 'event';
    for (const url of [graph.router.url, graph.subgraphs[service].url]) {
      const answers = await Promise.all([knownCpf, newCpf()].map((cpf) => rest(url, `${route}/${cpf}`, token)));
      for (const { status, headers, body } of answers) {
        const { type, title, detail, ...refusal } = body as Record<string, unknown>;
        expect([typeof type, typeof title, typeof detail]).toEqual(['string', 'string', 'string']);
        expect([status, refusal]).toEqual([403, { status: 403, code: DENIED, ...recusa }]);
        const { escopos } = recusa as { escopos?: string[] };
        expect(headers.get('www-authenticate')).toBe(
          escopos ? `Bearer error="insufficient_scope", scope="${escopos.join(' ')}"` : null,
        );
      }
      expect(answers[1]?.body).toEqual(answers[0]?.body);
    }
  });

  it.each<[string, TokenRequest, Record<string, object>]>([
    ['nome', { scope: '' }, { nome: escopo('divida:read') }],
    ['endereco { uf }', { scope: 'divida:read' }, { endereco: escopo('divida:read', 'cadastro:read') }],
    ['perfil { idade }', { scope: 'cadastro:read' }, { perfil: escopo('score:detalhe') }],
    [
      'score { valor } perfil { idade }',
      { scope: '' },
      { score: escopo('score:read'), perfil: escopo('score:detalhe') },
    ],
    ['score { pontosBase fatores { codigo } }', { scope: 'score:read' }, { 'score.pontosBase': escopo('score:detalhe'), 'score.fatores': escopo('score:detalhe') }], // prettier-ignore
    [
      'nome score { valor } eventos { ultimaConsulta { id } }',
      holder,
      { nome: titular, score: titular, eventos: titular },
    ],
    ['eventos { movimentacaoFinanceira { nodes { id } } }', { scope: 'evento:read' }, { 'eventos.movimentacaoFinanceira': escopo('evento:movimentacao') }], // prettier-ignore
    ['eventos { __typename ultimaCompraCartao { id } }', { consentimento: [] }, { 'eventos.ultimaCompraCartao': consentimento }], // prettier-ignore
    ['nome eventos { a: movimentacaoFinanceira { totalCount } ...c }', { scope: 'evento:read evento:movimentacao' }, { nome: escopo('divida:read'), 'eventos.a': consentimento, 'eventos.c': consentimento }], // prettier-ignore
  ])('{ pessoa { %s } } with %j', async (selection, request, refused) => {
    const token = await graph.environment.token(request);
    const fragment = selection.includes('...c') ? ' fragment c on Eventos { c: ultimaCompraCartao { valor } }' : '';
    const query = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { ${selection} } }${fragment}`;
    const answers = await Promise.all(
      [knownCpf, newCpf()].map((cpf) => graphql(graph.router.url, { query, variables: { cpf }, token })),
    );
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      const errors = body.errors ?? [];
      expect(Object.fromEntries(errors.map(({ path, extensions }) => [path!.slice(1).join('.'), extensions]))).toEqual(
        Object.fromEntries(Object.entries(refused).map(([path, recusa]) => [path, { code: DENIED, ...recusa }])),
      );
    }
    // The errors are in the order of the subgraphs' answers, which varies.
    const [here, nowhere] = answers.map(({ body }) => ({ ...body, errors: new Set(body.errors) }));
    expect(nowhere).toEqual(here);
  });

  it('also when a part of an object may be read', async () => {
    const token = await graph.environment.token({ consentimento: [] });
    const query =
      'query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { ultimaConsulta { id } ultimaCompraCartao { id } } } }';
    const [here, nowhere] = await Promise.all(
      [knownCpf, newCpf()].map((cpf) => graphql(graph.router.url, { query, variables: { cpf }, token })),
    );
    expect(here!.body.errors!.map(({ extensions }) => extensions)).toEqual([{ code: DENIED, ...consentimento }]);
    expect(nowhere!.body.errors!.map(({ extensions }) => extensions)).toEqual([{ code: DENIED, ...consentimento }]);
  });

  it('also without a purpose', async () => {
    const token = await graph.environment.token({ finalidade: null });
    for (const cpf of [knownCpf, newCpf()]) {
      const { status, body } = await rest(graph.router.url, `/divida/${cpf}`, token);
      expect([status, body]).toMatchObject([403, { code: 'FINALIDADE_AUSENTE', motivo: 'FINALIDADE' }]);
      const response = await graphql(graph.router.url, { query: `{ pessoa(cpf: "${cpf}") { nome } }`, token });
      expect([response.status, response.body.errors?.[0]?.extensions]).toEqual([
        403,
        { code: 'FINALIDADE_AUSENTE', motivo: 'FINALIDADE' },
      ]);
    }
  });

  it('and so does the log', async () => {
    const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3302';
    const token = await graph.environment.token({ scope: 'score:read' });
    await rest(graph.router.url, `/score/${knownCpf}`, token, { 'x-fapi-interaction-id': id });
    const lines = () =>
      graph.environment
        .logLines()
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter((line) => line['interacao'] === id && line['rota'] === '/score/:cpf');
    const deadline = Date.now() + 10_000; // the line is written after the answer
    while (lines().length === 0 && Date.now() < deadline) await new Promise(setImmediate);
    expect(lines()).toEqual([expect.objectContaining({ codigo: DENIED, ...escopo('score:detalhe') })]);
  });
});
