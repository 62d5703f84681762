import { getIntrospectionQuery } from 'graphql';
import { startAnsweringSource, type FaultySource } from '../graph/faulty-sources.ts';
import { ANA, cpfNumber } from '../graph/people.ts';
import { MAIN_QUERY } from '../graph/queries.ts';
import { type RouterUnderTest, startRouter } from '../graph/router-under-test.ts';
import { composeSupergraph } from '../graph/supergraph.ts';

const supergraphSdl = composeSupergraph();
const pessoa = `pessoa(cpf: "${ANA}")`;

describe('A request over a limit gets LIMITE_EXCEDIDO, and no source is called', () => {
  let source: FaultySource;
  let router: RouterUnderTest;

  beforeAll(async () => {
    source = await startAnsweringSource('{}');
    router = await startRouter(supergraphSdl, { debt: source.url, score: source.url, event: source.url });
  });
  afterAll(async () => {
    await router.close();
    await source.close();
  });

  const codesOf = async (query: string, variables?: Record<string, unknown>) => {
    const before = source.count();
    const start = performance.now();
    const { status, data, errors, body } = await router.ask(query, variables);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(source.count()).toBe(before);
    expect(body).not.toMatch(/armor|stack|node_modules|Did you mean/i);
    return { status, data, codes: [...new Set(errors.map(({ extensions }) => extensions?.['code']))] };
  };
  const refused = { status: 400, data: undefined, codes: ['LIMITE_EXCEDIDO'] };

  const repeat = (count: number, make: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => make(n)).join(' ');
  const movimentacoes = (argument: string) =>
    `{ ${pessoa} { eventos { movimentacaoFinanceira(${argument}) { totalCount } } } }`;

  /** Makes a document of this many tokens: 24, and a list. */
  const ofTokens = (count: number) =>
    `{ ${pessoa} { dividas(filtro: { situacoes: [${'QUITADA '.repeat(count - 24)}] }) { totalCount } } }`;

  /** Each fragment spreads the next one twice: a small document stands for 2^levels fields. */
  const bomb = (levels: number) =>
    `{ ${pessoa} { ...F0 } } ${repeat(levels, (n) => `fragment F${n} on Pessoa { ...F${n + 1} ...F${n + 1} }`)} fragment F${levels} on Pessoa { nome }`;

  it.each([
    ['1,001 tokens', ofTokens(1_001)],
    ['980 repeats of a field, which take long to validate', `{ ${pessoa} { ${'nome '.repeat(980)} } }`],
    ['11 levels', `{ ${pessoa} { ${'... { '.repeat(9)} nome ${'} '.repeat(9)} } }`],
    ['16 aliases', `{ ${pessoa} { ${repeat(16, (n) => `a${n}: nome`)} } }`],
    [
      '16 aliases in a repeated fragment',
      `{ ${pessoa} { ...A ...A } } fragment A on Pessoa { ${repeat(8, (n) => `a${n}: nome`)} }`,
    ],
    ['21 directives', `{ ${pessoa} { ${repeat(21, () => 'nome @include(if: true)')} } }`],
    ['6 root fields', `{ ${repeat(6, (n) => `r${n}: ${pessoa} { nome }`)} }`],
    [
      '6 root fields in a repeated fragment',
      `{ ...R ...R } fragment R on Query { ${repeat(3, (n) => `r${n}: ${pessoa} { nome }`)} }`,
    ],
    ['a bomb of fragments that stands for a million fields', bomb(20)],
    ['a bomb of fragments that stands for 2^80 fields', bomb(80)],
    ['`first` of 101', movimentacoes('first: 101')],
    ['101 CPFs', `{ pessoas(cpfs: [${repeat(101, (n) => `"${cpfNumber(n)}"`)}]) { nome } }`],
  ])('%s', async (_limit, query) => {
    expect(await codesOf(query)).toEqual(refused);
  });

  it.each([
    [ofTokens(1_001), 'The document has at most 1000 tokens: names, numbers, texts and brackets.'],
    [`{ ${pessoa} { ${'... { '.repeat(9)} nome ${'} '.repeat(9)} } }`, 'The document has at most 10 levels.'],
    [`{ ${pessoa} { ${repeat(16, (n) => `a${n}: nome`)} } }`, 'The document has at most 15 aliases.'],
    [`{ ${pessoa} { ${repeat(11, () => 'nome @include(if: true)')} ${repeat(10, () => 'n: nome @include(if: true)')} } }`, 'The document has at most 20 directives.'], // prettier-ignore
    [
      `{ ${pessoa} { ${repeat(21, () => 'nome')} } }`,
      'The document selects one place of the answer more than 20 times.',
    ],
    [`{ ${repeat(6, (n) => `r${n}: ${pessoa} { nome }`)} }`, 'An operation has at most 5 fields at its root.'],
    [`{ ${'a'.repeat(65)}: ${pessoa} { nome } }`, 'A name has at most 64 characters.'],
    [`query ${'Q'.repeat(65)} { ${pessoa} { nome } }`, 'A name has at most 64 characters.'],
    [bomb(20), 'The document has too many fields once its fragments are written out.'],
    [movimentacoes('first: 101'), '`first` is at most 100.'],
    [`{ pessoas(cpfs: [${repeat(101, (n) => `"${cpfNumber(n)}"`)}]) { nome } }`, '`cpfs` has at most 100 entries.'],
  ])('gets the name of the limit (case %#)', async (query, message) => {
    const { errors } = await router.ask(query);
    expect([...new Set(errors.map((error) => error.message))]).toEqual([message]);
  });

  it.each([
    ['`first` of 101', movimentacoes('first: $first').replace('{', 'query ($first: Int!) {'), { first: 101 }],
    ['`first` of 101 as a default', movimentacoes('first: $first').replace('{', 'query ($first: Int = 101) {'), {}],
    [
      '`first` of 101 in a fragment',
      `query ($n: Int!) { ${pessoa} { ...D } } fragment D on Pessoa { dividas(first: $n) { totalCount } }`,
      { n: 101 },
    ],
    [
      '101 CPFs',
      'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { nome } }',
      { cpfs: Array.from({ length: 101 }, (_, n) => cpfNumber(n)) },
    ],
    [
      '101 CPFs, one of them a variable',
      `query ($um: CPF!) { pessoas(cpfs: [$um ${repeat(100, (n) => `"${cpfNumber(n)}"`)}]) { nome } }`,
      { um: ANA },
    ],
  ])('as a variable: %s', async (_limit, query, variables) => {
    expect(await codesOf(query, variables)).toEqual(refused);
  });

  it('more than one operation in a request', async () => {
    const { status, errors } = await router.post([{ query: MAIN_QUERY, variables: { cpf: ANA } }]);
    expect({ status, errors }).toEqual({
      status: 400,
      errors: [{ message: 'Send one operation for each request.', extensions: { code: 'LIMITE_EXCEDIDO' } }],
    });
  });

  it.each([0, -1])('but a `first` of %i gets BAD_USER_INPUT, as a literal and as a variable', async (first) => {
    const badInput = { status: 400, data: undefined, codes: ['BAD_USER_INPUT'] };
    expect(await codesOf(movimentacoes(`first: ${first}`))).toEqual(badInput);
    expect(await codesOf(movimentacoes('first: $n').replace('{', 'query ($n: Int) {'), { n: first })).toEqual(badInput);
  });

  it('but a request at a limit is accepted', async () => {
    for (const [query, variables] of [
      [ofTokens(1_000), {}],
      [`{ ${pessoa} { ${'... { '.repeat(8)} nome ${'} '.repeat(8)} } }`, {}],
      [`{ ${pessoa} { ${repeat(15, (n) => `a${n}: nome`)} } }`, {}],
      [`{ ${repeat(5, (n) => `r${n}: ${pessoa} { nome }`)} }`, {}],
      [movimentacoes('first: 100'), {}],
      [movimentacoes('first: null'), {}],
      [
        'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { nome } }',
        { cpfs: Array.from({ length: 100 }, (_, n) => cpfNumber(n)) },
      ],
    ] as const) {
      const { status, data } = await router.ask(query, variables);
      expect({ query, status, isAnswered: data !== undefined }).toEqual({ query, status: 200, isAnswered: true });
    }
  });

  it('but the standard introspection query is accepted, and calls no source', async () => {
    const before = source.count();
    const { status, data, errors } = await router.ask(
      getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true }),
    );
    expect({ status, errors, calls: source.count() - before }).toEqual({ status: 200, errors: [], calls: 0 });
    expect(data).toMatchObject({ __schema: { queryType: { name: 'Query' } } });
  });

  it('but a syntax error stays a syntax error', async () => {
    const { status, errors } = await router.ask('{ pessoa(');
    expect({ status, errors }).toEqual({
      status: 400,
      errors: [
        {
          message: 'Syntax Error: Expected Name, found <EOF>.',
          locations: [{ line: 1, column: 10 }],
          extensions: { code: 'GRAPHQL_PARSE_FAILED' },
        },
      ],
    });
  });

  it('and 100 unknown directives get a short answer', async () => {
    const { status, errors, body } = await router.ask(`{ ${pessoa} { nome ${repeat(100, (n) => `@d${n}`)} } }`);
    expect(status).toBe(400);
    expect(errors.length).toBeLessThanOrEqual(6);
    expect(body.length).toBeLessThan(2_000);
  });

  it('and a body full of bad values gets an answer within 2 s', async () => {
    const query = `query ($f: FiltroMovimentacao) { ${pessoa} { eventos { movimentacaoFinanceira(filtro: $f) { totalCount } } } }`;
    const start = performance.now();
    const { status, errors } = await router.ask(query, { f: { tipos: Array(20_000).fill('NADA') } });
    expect(performance.now() - start).toBeLessThan(2_000);
    expect({ status, codes: errors.map(({ extensions }) => extensions?.['code']) }).toEqual({
      status: 400,
      codes: ['BAD_USER_INPUT'],
    });
  });
});
