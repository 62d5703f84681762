import { startAnsweringSource, type FaultySource } from './graph/faulty-sources.ts';
import { ANA } from './graph/people.ts';
import { type RouterUnderTest, startRouter } from './graph/router-under-test.ts';
import { composeSupergraph } from './graph/supergraph.ts';

const supergraphSdl = composeSupergraph();
const BAD_CPF = '123.456.789-00';

describe('A request that is refused', () => {
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

  const verdictOf = async (query: string, variables?: Record<string, unknown>, more?: object) => {
    const { status, data, errors, body } = await router.ask(query, variables, more);
    expect(data).toBeUndefined();
    expect(body).not.toMatch(/123.?456.?789|apollo|graphql-js|node_modules|stacktrace/i);
    return {
      status,
      codes: errors.map(({ extensions }) => extensions?.['code']),
      messages: errors.map(({ message }) => message),
    };
  };

  describe('has the same code for a literal and for a variable, and no source is asked (G7)', () => {
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
        'an amount that is not text',
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
        'a name that is not of the enum',
        'FiltroDivida',
        divida('@'),
        '{ situacoes: [PAGA] }',
        { situacoes: ['PAGA'] },
        'BAD_USER_INPUT',
      ],
      ['a field the filter does not have', 'FiltroDivida', divida('@'), '{ cor: "x" }', { cor: 'x' }, 'BAD_USER_INPUT'],
    ])('%s', async (_mistake, type, selection, literal, value, code) => {
      const asLiteral = await verdictOf(`{ ${selection.replace('@', literal)} }`);
      const asVariable = await verdictOf(`query ($v: ${type}) { ${selection.replace('@', '$v')} }`, { v: value });
      expect(asLiteral).toMatchObject({ status: 400, codes: [code] });
      expect({ status: asVariable.status, codes: asVariable.codes }).toEqual({ status: 400, codes: [code] });
      if (code === 'CPF_INVALIDO') return;
      expect(asLiteral.messages).toEqual([expect.stringMatching(/^This is not a valid `\w+!?`\.$/)]);
      expect(asVariable.messages).toEqual([
        value === null ? 'The variable `$v` must not be null.' : `The variable \`$v\` is not a valid \`${type}\`.`,
      ]);
    });
  });

  it('for a missing variable says where it is declared', async () => {
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
    const { codes } = await verdictOf(`{ pessoas(cpfs: [${list}]) { nome } }`);
    expect(codes).toEqual(Array(5).fill('CPF_INVALIDO'));
  });

  it.each([
    ['several operations and no name', 'query A { __typename } query B { __typename }', {}],
    ['a name that no operation has', 'query A { __typename }', { operationName: 'C' }],
    ['no operation at all', 'fragment F on Pessoa { nome }', {}],
  ])('for %s is not HTTP 500 (G9)', async (_mistake, query, more) => {
    const { status, codes } = await verdictOf(query, {}, more);
    expect(status).toBe(400);
    expect(['OPERATION_RESOLUTION_FAILURE', 'GRAPHQL_VALIDATION_FAILED']).toContain(codes[0]);
  });

  it('says OPERATION_RESOLUTION_FAILURE in our words', async () => {
    expect(await verdictOf('query A { __typename } query B { __typename }')).toEqual({
      status: 400,
      codes: ['OPERATION_RESOLUTION_FAILURE'],
      messages: ['Which operation to run is not clear.'],
    });
  });

  it('for its document keeps graphql’s own words, without suggestions and without values', async () => {
    expect(await verdictOf(`{ pessoa(cpf: "${ANA}") { nomes } }`)).toEqual({
      status: 400,
      codes: ['GRAPHQL_VALIDATION_FAILED'],
      messages: ['Cannot query field "nomes" on type "Pessoa".'],
    });
    expect(await verdictOf(`{ pessoa("${BAD_CPF}") { nome } }`)).toEqual({
      status: 400,
      codes: ['GRAPHQL_PARSE_FAILED'],
      messages: ['Syntax Error: Expected Name, found String [redacted].'],
    });
    expect(await verdictOf(`{ c12345678900 }`)).toMatchObject({
      messages: ['Cannot query field "c[redacted]" on type "Query".'],
    });
  });

  it('for introspection, where it is off, does not say by what', async () => {
    expect(await verdictOf('{ __schema { queryType { name } } }')).toEqual({
      status: 400,
      codes: ['GRAPHQL_VALIDATION_FAILED'],
      messages: ['Introspection is off.'],
    });
  });

  it.each([
    ['no query', { variables: {} }],
    ['a query that is not text', { query: 1 }],
    ['variables that are text', { query: '{ __typename }', variables: '{}' }],
  ])('for %s is the client’s mistake', async (_mistake, body) => {
    const { status, errors } = await router.post(body);
    expect({ status, codes: errors.map(({ extensions }) => extensions?.['code']) }).toEqual({
      status: 400,
      codes: ['BAD_USER_INPUT'],
    });
  });

  it('for what a page of another site could send is refused before it is read (CSRF)', async () => {
    const { status, errors } = await router.post({ query: '{ __typename }' }, { 'content-type': 'text/plain' });
    expect({ status, code: errors[0]?.extensions?.['code'] }).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
  });
});
