import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Service, serviceNames } from '@pessoa/domain/services';
import { buildSchema, type DocumentNode, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { CompiledOperations } from '../../src/execution/compiled-operation.ts';
import * as faults from '../graph/faulty-sources.ts';
import { type Operation, plainOperations, refusedOperations } from '../graph/operations.ts';
import { ANA, punctuated } from '../graph/people.ts';
import { type GraphqlAnswer, type RouterUnderTest, startRouter } from '../graph/router-under-test.ts';
import { startSubgraph, type TestSubgraph } from '../graph/subgraphs.ts';
import { composeSupergraph } from '../graph/supergraph.ts';

const supergraphSdl = composeSupergraph();

describe('A compiled operation answers byte for byte what @apollo/gateway answers', () => {
  let subgraphs: TestSubgraph[];
  let urls: Record<Service, string>;
  let ours: RouterUnderTest;
  let plain: RouterUnderTest;

  beforeAll(async () => {
    subgraphs = await Promise.all(serviceNames.map((name) => startSubgraph(name)));
    urls = Object.fromEntries(serviceNames.map((name, index) => [name, subgraphs[index]!.url])) as typeof urls;
    plain = await startRouter(supergraphSdl, urls, { plainGateway: true });
  });
  beforeEach(async () => {
    ours = await startRouter(supergraphSdl, urls);
  });
  afterEach(() => ours.close());
  afterAll(async () => {
    await plain.close();
    await Promise.all(subgraphs.map((subgraph) => subgraph.close()));
  });

  const run = (router: RouterUnderTest, { query, variables, operationName }: Operation): Promise<GraphqlAnswer> =>
    router.ask(query, variables, operationName === undefined ? {} : { operationName });

  /**
   * Runs an operation. Gives its answer, the calls of the sources, and how often the gateway's own executor and Apollo Server ran.
   */
  async function observe(router: RouterUnderTest, operation: Operation) {
    const before = { executor: router.executorRuns(), server: router.serverRuns() };
    for (const { calls } of subgraphs) calls.splice(0);
    const { status, body } = await run(router, operation);
    const sourceCalls = subgraphs.map(({ calls }) =>
      calls.map(({ query, variables }) => ({ query: normalize(query), variables })),
    );
    return {
      answer: { status, body },
      sourceCalls,
      executorRuns: router.executorRuns() - before.executor,
      serverRuns: router.serverRuns() - before.server,
    };
  }

  /** Our gateway sends no operation name, and CPFs in canonical form. */
  const normalize = (query: string): string =>
    query
      .replace(/^query \w+/, 'query')
      .replace(/^query\{/, '{')
      .replaceAll(punctuated(ANA), ANA);

  /** Apollo Server chooses among several. */
  const hasOneOperation = ({ query }: Operation): boolean =>
    parse(query).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length === 1;

  it.each(Object.entries(plainOperations))('%s', async (_title, operation) => {
    const expected = await observe(plain, operation);
    const cold = await observe(ours, operation);
    const compiling = await observe(ours, operation); // the router compiles an operation at its second use
    const warm = await observe(ours, operation);
    expect(expected.answer).toMatchObject({ status: 200, body: expect.stringMatching(/^\{"data":\{(?!.*"errors")/) });
    for (const { answer, sourceCalls } of [cold, compiling, warm]) {
      expect(answer).toEqual(expected.answer);
      expect(sourceCalls).toEqual(expected.sourceCalls);
    }
    expect([cold, compiling, warm].map(({ executorRuns, serverRuns }) => ({ executorRuns, serverRuns }))).toEqual([
      { executorRuns: 1, serverRuns: 1 },
      { executorRuns: 1, serverRuns: 1 },
      { executorRuns: 0, serverRuns: hasOneOperation(operation) ? 0 : 1 },
    ]);
  });

  it.each(Object.entries(refusedOperations))(
    'and the own executor of @apollo/gateway runs each time: %s',
    async (_title, operation) => {
      const expected = await observe(plain, operation);
      const answers = [];
      // The router remembers an operation from its second use on.
      for (let round = 0; round < 4; round++) answers.push(await observe(ours, operation));
      expect(answers).toEqual(Array(4).fill(expected));
      expect(expected.executorRuns).toBe(1);
    },
  );

  it('and a compiled operation refuses bad variables as before', async () => {
    const query = 'query ($cpf: CPF!, $first: Int) { pessoa(cpf: $cpf) { dividas(first: $first) { totalCount } } }';
    const badVariables = [{}, { cpf: null }, { cpf: '1' }, { cpf: ANA, first: 'x' }, { cpf: ANA, first: 101 }];
    const refusals = async () => Promise.all(badVariables.map((variables) => run(ours, { query, variables })));
    const cold = await refusals();
    expect(cold.map(({ status }) => status)).toEqual(badVariables.map(() => 400));
    expect((await observe(ours, { query, variables: { cpf: ANA } })).executorRuns).toBe(1);
    for (const { calls } of subgraphs) calls.splice(0);
    expect(await refusals()).toEqual(cold);
    expect(subgraphs.flatMap(({ calls }) => calls)).toEqual([]);
  });

  it('and `toString` works as an alias, even if the source omits its value', async () => {
    const debt = await faults.startAnsweringSource(JSON.stringify({ data: { pessoa: { cpf: ANA, nome: 'x' } } }));
    const router = await startRouter(supergraphSdl, { ...urls, debt: debt.url });
    const answer = await router.ask(`{ pessoa(cpf: "${ANA}") { nome constructor: endereco { toString: cidade } } }`);
    await Promise.all([router.close(), debt.close()]);
    expect(JSON.stringify(answer.data)).toBe('{"pessoa":{"nome":"x","constructor":null}}');
    expect(answer.errors).toMatchObject([{ path: ['pessoa', 'constructor'], extensions: { code: 'FONTE_INVALIDA' } }]);
  });
});

describe('A compiled operation', () => {
  const schema = buildSchema('type Query { nome: String }');

  const operationsOf = ({ definitions }: DocumentNode) => definitions as readonly OperationDefinitionNode[];

  function compileFirst(
    compiled: CompiledOperations,
    document = parse('query A { nome } query B { nome }'),
  ): DocumentNode {
    const operation = operationsOf(document)[0]!;
    const node = { kind: 'Fetch', serviceName: 'debt', operation: '{ nome }' };
    const serviceMap = { debt: { process: async () => ({}) } };
    compiled.compile(
      { queryPlan: { node }, serviceMap, operationContext: { schema, operation, fragments: {} } },
      operation,
    );
    return document;
  }

  it('belongs to one schema and one operation', () => {
    const compiled = new CompiledOperations();
    const document = compileFirst(compiled);
    const [first, second] = operationsOf(document) as [OperationDefinitionNode, OperationDefinitionNode];
    const compiledFirst = compiled.get(schema, first);
    expect(compiledFirst?.fetches).toMatchObject([{ query: '{ nome }' }]);
    compileFirst(compiled, document);
    expect(compiled.get(schema, first)).toBe(compiledFirst);
    expect(compiled.get(schema, second)).toBeUndefined();
    expect(compiled.get(schema, operationsOf(parse('query A { nome }'))[0]!)).toBeUndefined();
    expect(compiled.get(buildSchema('type Query { nome: String }'), first)).toBeUndefined();
  });

  it('disappears with its document', async () => {
    const compiled = new CompiledOperations();
    const watch = () => new WeakRef(compiled.get(schema, operationsOf(compileFirst(compiled))[0]!)!);
    const reference = watch();
    const heldDocument = compileFirst(compiled);
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    await setTimeout(0); // a WeakRef holds its target until the end of the turn
    collectGarbage();
    expect(reference.deref()).toBeUndefined();
    expect(compiled.get(schema, operationsOf(heldDocument)[0]!)).toBeDefined();
  });
});
