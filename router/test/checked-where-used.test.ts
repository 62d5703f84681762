import { ANA } from './graph/people.ts';
import { serveRouter, type ServedRouter } from './graph/served-router.ts';

interface AnyRequest {
  readonly method: 'GET' | 'POST';
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

let router: ServedRouter;
beforeAll(async () => {
  router = await serveRouter();
});
afterAll(() => router.close());

interface Answer {
  readonly status: number;
  readonly data: unknown;
  readonly codes: readonly unknown[];
}

async function send({ method, body, headers }: AnyRequest): Promise<Answer> {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  const sent =
    method === 'GET' && isObject
      ? fetch(`${router.url}?${searchOf(body)}`, { headers: { 'apollo-require-preflight': '1', ...headers } })
      : fetch(router.url, {
          method: 'POST',
          body: JSON.stringify(body) ?? '',
          headers: { 'content-type': 'application/json', ...headers },
        });
  const response = await sent;
  const answer = (await response.json()) as { data?: unknown; errors?: { extensions?: { code?: unknown } }[] };
  return {
    status: response.status,
    data: answer.data,
    codes: (answer.errors ?? []).map(({ extensions }) => extensions?.code),
  };
}

function searchOf(members: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return search.toString();
}

const post = (query: unknown, variables?: unknown, members?: object): AnyRequest => ({
  method: 'POST',
  body: { query, variables, ...members },
  headers: {},
});

describe('A variable is checked at the place of its use', () => {
  const person = `pessoa(cpf: "${ANA}")`;
  it.each([
    ['@include', `query ($i: Boolean = true) { ${person} { nome @include(if: $i) } }`, { i: null }],
    ['@skip', `query ($i: Boolean = true) { ${person} { nome @skip(if: $i) } }`, { i: null }],
    ['@include of a fragment', `query ($i: Boolean = true) { ${person} { ...F @include(if: $i) } } fragment F on Pessoa { nome }`, { i: null }], // prettier-ignore
    ['a directive inside a fragment', `query ($i: Boolean = true) { ${person} { ...F } } fragment F on Pessoa { ... @skip(if: $i) { nome } }`, { i: null }], // prettier-ignore
    ['an argument', `query ($c: CPF = "${ANA}") { pessoa(cpf: $c) { nome } }`, { c: null }],
    ['a list', `query ($cs: [CPF!] = ["${ANA}"]) { pessoas(cpfs: $cs) { nome } }`, { cs: null }],
    ['a member of a list', `query ($c: CPF = "${ANA}") { pessoas(cpfs: [$c]) { nome } }`, { c: null }],
    ['a member of a list in a filter', `query ($s: SituacaoDivida = EM_ABERTO) { ${person} { dividas(filtro: { situacoes: [$s] }) { totalCount } } }`, { s: null }], // prettier-ignore
    ['a fraction', 'query ($n: Int) { __typename @skip(if: false) pessoa(cpf: "52998224725") { dividas(first: $n) { totalCount } } }', { n: 1.5 }], // prettier-ignore
    ['a list for a single value', 'query ($c: CPF!) { pessoa(cpf: $c) { nome } }', { c: [ANA] }],
    [
      'a string for a filter',
      `query ($f: FiltroDivida) { ${person} { dividas(filtro: $f) { totalCount } } }`,
      { f: 'x' },
    ],
  ])('a null or a value of another kind is refused: %s', async (_where, query, variables) => {
    const answer = await send(post(query, variables));
    expect(answer).toEqual({ status: 400, data: undefined, codes: [expect.stringMatching(/^(BAD_USER_INPUT|CPF_INVALIDO)$/)] }); // prettier-ignore
    // The router remembers the operation now, and must refuse it again.
    expect(await send(post(query, variables))).toEqual(answer);
  });

  it('a null is accepted where null is allowed', async () => {
    const query = `query ($i: Boolean = true, $f: FiltroDivida, $n: Int) { ${person} { nome @include(if: $i) dividas(filtro: $f, first: $n) { totalCount } } }`; // prettier-ignore
    expect(await send(post(query, { f: null }))).toMatchObject({ status: 200, codes: [] });
  });
});

describe('A request that no graph can answer is a mistake of the client', () => {
  const typename = '{ __typename }';
  it.each([
    ['a mutation', post('mutation { x }'), 'GRAPHQL_VALIDATION_FAILED'],
    ['a subscription', post('subscription { x }'), 'GRAPHQL_VALIDATION_FAILED'],
    ['a mutation beside a query', post(`query A ${typename} mutation B { x }`, {}, { operationName: 'A' }), 'GRAPHQL_VALIDATION_FAILED'], // prettier-ignore
    ['@defer', post(`{ pessoa(cpf: "${ANA}") { ... @defer { nome } } }`), 'GRAPHQL_VALIDATION_FAILED'],
    ['@include without its argument', post('{ __typename @include }'), 'GRAPHQL_VALIDATION_FAILED'],
    ['two operations with one name', post(`query A ${typename} query A ${typename}`), 'GRAPHQL_VALIDATION_FAILED'],
    ['an absent fragment', post('{ ...F }'), 'GRAPHQL_VALIDATION_FAILED'],
    ['a circle of fragments', post('{ ...F } fragment F on Query { ...F }'), 'GRAPHQL_VALIDATION_FAILED'],
    ['an unused variable', post(`query ($i: Int) ${typename}`), 'GRAPHQL_VALIDATION_FAILED'],
    ['only fragments', post('fragment F on Pessoa { nome }'), 'GRAPHQL_VALIDATION_FAILED'],
    ['type definitions', post('type A { a: Int }'), 'GRAPHQL_VALIDATION_FAILED'],
    ['an empty selection', post('{ }'), 'GRAPHQL_PARSE_FAILED'],
    ['an empty document', post(''), 'BAD_USER_INPUT'],
    ['only a comment', post('# nada'), 'GRAPHQL_PARSE_FAILED'],
    ['an operation name that is not a string', post(typename, {}, { operationName: 1 }), 'BAD_USER_INPUT'],
    ['variables that are a list', post(typename, []), 'BAD_USER_INPUT'],
    ['variables that are a string', post(typename, '{"a":1}'), 'BAD_USER_INPUT'],
    ['extensions that are a string', post(typename, {}, { extensions: 'x' }), 'BAD_USER_INPUT'],
    ['a document that is a number', post(42), 'BAD_USER_INPUT'],
    ['a list of requests', { ...post(typename), body: [{ query: typename }] }, 'LIMITE_EXCEDIDO'],
    ['a number', { ...post(typename), body: 42 }, 'BAD_USER_INPUT'],
    ['null', { ...post(typename), body: null }, 'BAD_USER_INPUT'],
    ['variables that are not JSON', { method: 'GET', body: { query: typename, variables: '{' }, headers: {} }, 'BAD_USER_INPUT'], // prettier-ignore
  ] as const)('%s', async (_what, request, code) => {
    expect(await send(request)).toEqual({ status: 400, data: undefined, codes: [code] });
  });

  it.each(['__proto__', 'constructor', 'toString'])('a variable may have the name %s', async (name) => {
    const body = `{"query":"query ($${name}: CPF!) { pessoa(cpf: $${name}) { cpf } }","variables":{"${name}":"${ANA}"}}`;
    const answer = await send({ method: 'POST', body: JSON.parse(body), headers: {} });
    expect(answer).toMatchObject({ status: 200, codes: [], data: { pessoa: { cpf: ANA } } });
  });
});
