import { startAnsweringSource, type FaultySource } from './graph/faulty-sources.ts';
import { ANA } from './graph/people.ts';
import { type RouterUnderTest, startRouter } from './graph/router-under-test.ts';
import { composeSupergraph } from './graph/supergraph.ts';

const supergraphSdl = composeSupergraph();
const BAD_CPF = '123.456.789-00';

describe('A refused request', () => {
  let source: FaultySource;
  let router: RouterUnderTest;

  beforeAll(async () => {
    source = await startAnsweringSource('{}');
    router = await startRouter(
      supergraphSdl,
      { debt: source.url, score: source.url, event: source.url },
      { introspection: false },
    );
  });
  afterAll(async () => {
    await router.close();
    expect(source.count()).toBe(0);
    await source.close();
  });

  const refusalOf = async (query: string, variables?: Record<string, unknown>, members?: object) => {
    const { status, data, errors, body } = await router.ask(query, variables, members);
    expect(data).toBeUndefined();
    expect(body).not.toMatch(/123.?456.?789|apollo|graphql-js|node_modules|stacktrace/i);
    return {
      status,
      codes: errors.map(({ extensions }) => extensions?.['code']),
      messages: errors.map(({ message }) => message),
    };
  };

  describe('has the same code for a literal and for a variable, and no source is called', () => {
    const divida = (filtro: string) => `pessoa(cpf: "${ANA}") { dividas(filtro: ${filtro}) { totalCount } }`;
    it.each([
      ['a CPF with wrong check digits', 'CPF!', 'pessoa(cpf: @) { nome }', `"${BAD_CPF}"`, BAD_CPF, 'CPF_INVALIDO'],
      ['a CPF as a number', 'CPF!', 'pessoa(cpf: @) { nome }', '52998224725', 52998224725, 'CPF_INVALIDO'],
      [
        'a CPF in a list',
        '[CPF!]!',
        'pessoas(cpfs: @) { nome }',
        `["${ANA}" "${BAD_CPF}"]`,
        [ANA, BAD_CPF],
        'CPF_INVALIDO',
      ],
      ['no CPF', 'CPF!', 'pessoa(cpf: @) { nome }', 'null', null, 'BAD_USER_INPUT'],
      [
        'an amount that is not a string',
        'FiltroDivida',
        divida('@'),
        '{ valorMinimo: 12.5 }',
        { valorMinimo: 12.5 },
        'BAD_USER_INPUT',
      ],
      [
        'a day that does not exist',
        'FiltroDivida',
        divida('@'),
        '{ vencimentoDe: "2026-02-30" }',
        { vencimentoDe: '2026-02-30' },
        'BAD_USER_INPUT',
      ],
      [
        'an unknown value of an enum',
        'FiltroDivida',
        divida('@'),
        '{ situacoes: [PAGA] }',
        { situacoes: ['PAGA'] },
        'BAD_USER_INPUT',
      ],
      ['an unknown field of the filter', 'FiltroDivida', divida('@'), '{ cor: "x" }', { cor: 'x' }, 'BAD_USER_INPUT'],
    ])('%s', async (_mistake, type, selection, literal, value, code) => {
      const asLiteral = await refusalOf(`{ ${selection.replace('@', literal)} }`);
      const asVariable = await refusalOf(`query ($v: ${type}) { ${selection.replace('@', '$v')} }`, { v: value });
      expect(asLiteral).toMatchObject({ status: 400, codes: [code] });
      expect({ status: asVariable.status, codes: asVariable.codes }).toEqual({ status: 400, codes: [code] });
      if (code === 'CPF_INVALIDO') return;
      expect(asLiteral.messages).toEqual([expect.stringMatching(/^This is not a valid `\w+!?`\.$/)]);
      expect(asVariable.messages).toEqual([
        value === null ? 'The variable `$v` must not be null.' : `The variable \`$v\` is not a valid \`${type}\`.`,
      ]);
    });
  });

  it('for a missing variable gives the place of its declaration', async () => {
    const { status, errors } = await router.ask('query ($cpf: CPF!) { pessoa(cpf: $cpf) { nome } }', {});
    expect({ status, errors }).toEqual({
      status: 400,
      errors: [
        {
          message: 'The variable `$cpf` is missing.',
          locations: [{ line: 1, column: 8 }],
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
  });

  it('has at most five errors of the same kind', async () => {
    const list = Array(20).fill(`"${BAD_CPF}"`).join(' ');
    const { codes } = await refusalOf(`{ pessoas(cpfs: [${list}]) { nome } }`);
    expect(codes).toEqual(Array(5).fill('CPF_INVALIDO'));
  });

  it.each([
    ['several operations and no name', 'query A { __typename } query B { __typename }', {}],
    ['a name that no operation has', 'query A { __typename }', { operationName: 'C' }],
    ['no operation', 'fragment F on Pessoa { nome }', {}],
  ])('for %s is HTTP 400, not 500', async (_mistake, query, members) => {
    const { status, codes } = await refusalOf(query, {}, members);
    expect(status).toBe(400);
    expect(['OPERATION_RESOLUTION_FAILURE', 'GRAPHQL_VALIDATION_FAILED']).toContain(codes[0]);
  });

  it('with OPERATION_RESOLUTION_FAILURE has our message', async () => {
    expect(await refusalOf('query A { __typename } query B { __typename }')).toEqual({
      status: 400,
      codes: ['OPERATION_RESOLUTION_FAILURE'],
      messages: ['Which operation to run is not clear.'],
    });
  });

  it('for its document has the message of graphql-js, without suggestions and values', async () => {
    expect(await refusalOf(`{ pessoa(cpf: "${ANA}") { nomes } }`)).toEqual({
      status: 400,
      codes: ['GRAPHQL_VALIDATION_FAILED'],
      messages: ['Cannot query field "nomes" on type "Pessoa".'],
    });
    expect(await refusalOf(`{ pessoa("${BAD_CPF}") { nome } }`)).toEqual({
      status: 400,
      codes: ['GRAPHQL_PARSE_FAILED'],
      messages: ['Syntax Error: Expected Name, found String [redacted].'],
    });
    expect(await refusalOf(`{ c12345678900 }`)).toMatchObject({
      messages: ['Cannot query field "c[redacted]" on type "Query".'],
    });
  });

  it('for introspection says only that it is off', async () => {
    expect(await refusalOf('{ __schema { queryType { name } } }')).toEqual({
      status: 400,
      codes: ['GRAPHQL_VALIDATION_FAILED'],
      messages: ['Introspection is off.'],
    });
  });

  it.each([
    ['no query', { variables: {} }],
    ['a query that is not a string', { query: 1 }],
    ['variables that are a string', { query: '{ __typename }', variables: '{}' }],
  ])('for %s is BAD_USER_INPUT', async (_mistake, body) => {
    const { status, errors } = await router.post(body);
    expect({ status, codes: errors.map(({ extensions }) => extensions?.['code']) }).toEqual({
      status: 400,
      codes: ['BAD_USER_INPUT'],
    });
  });

  it('for a request that a page of another site could send is BAD_USER_INPUT (CSRF)', async () => {
    const { status, errors } = await router.post({ query: '{ __typename }' }, { 'content-type': 'text/plain' });
    expect({ status, code: errors[0]?.extensions?.['code'] }).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
  });
});
