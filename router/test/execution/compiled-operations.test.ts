import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Service, serviceNames } from '@pessoa/domain/services';
import { buildSchema, type DocumentNode, type OperationDefinitionNode, parse } from 'graphql';
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

  /** The answer, what was asked of the sources for it, and how often the gateway's own executor ran. */
  async function watched(router: RouterUnderTest, operation: Operation) {
    const before = router.executorRuns();
    for (const { calls } of subgraphs) calls.splice(0);
    const { status, text } = await run(router, operation);
    const asked = subgraphs.map(({ calls }) =>
      calls.map(({ query, variables }) => ({ query: plainText(query), variables })),
    );
    return { answer: { status, text }, asked, stockRuns: router.executorRuns() - before };
  }

  /** Ours asks without the client's name of the operation, and for CPFs in their canonical form. */
  const plainText = (query: string): string =>
    query
      .replace(/^query \w+/, 'query')
      .replace(/^query\{/, '{')
      .replaceAll(punctuated(ANA), ANA);

  it.each(Object.entries(plainOperations))('%s', async (_title, operation) => {
    const expected = await watched(plain, operation);
    const cold = await watched(ours, operation);
    const again = await watched(ours, operation); // of what is asked once nothing is kept
    const warm = await watched(ours, operation);
    expect(expected.answer).toMatchObject({ status: 200, text: expect.stringMatching(/^\{"data":\{(?!.*"errors")/) });
    expect([cold.answer, again.answer, warm.answer]).toEqual(Array(3).fill(expected.answer));
    expect([cold.asked, again.asked, warm.asked]).toEqual(Array(3).fill(expected.asked));
    expect([cold.stockRuns, again.stockRuns, warm.stockRuns]).toEqual([1, 1, 0]);
  });

  it.each(Object.entries(refusedOperations))('and leaves to it, every time: %s', async (_title, operation) => {
    const expected = await watched(plain, operation);
    const answers = [];
    for (let round = 0; round < 4; round++) answers.push(await watched(ours, operation)); // what is kept is kept by now
    expect(answers).toEqual(Array(4).fill(expected));
    expect(expected.stockRuns).toBe(1);
  });

  it('and refuses the same variables', async () => {
    const query = 'query ($cpf: CPF!, $first: Int) { pessoa(cpf: $cpf) { dividas(first: $first) { totalCount } } }';
    const bad = [{}, { cpf: null }, { cpf: '1' }, { cpf: ANA, first: 'x' }, { cpf: ANA, first: 101 }];
    const refusals = async () => Promise.all(bad.map((variables) => run(ours, { query, variables })));
    const cold = await refusals();
    expect(cold.map(({ status }) => status)).toEqual(bad.map(() => 400));
    expect((await watched(ours, { query, variables: { cpf: ANA } })).stockRuns).toBe(1);
    for (const { calls } of subgraphs) calls.splice(0);
    expect(await refusals()).toEqual(cold);
    expect(subgraphs.flatMap(({ calls }) => calls)).toEqual([]);
  });

  it('and knows `toString` for an alias like any other, whatever the source answers', async () => {
    const debt = await faults.startAnsweringSource(JSON.stringify({ data: { pessoa: { cpf: ANA, nome: 'x' } } }));
    const router = await startRouter(supergraphSdl, { ...urls, debt: debt.url });
    const lost = await router.ask(`{ pessoa(cpf: "${ANA}") { nome constructor: endereco { toString: cidade } } }`);
    await Promise.all([router.close(), debt.close()]);
    expect(JSON.stringify(lost.data)).toBe('{"pessoa":{"nome":"x","constructor":null}}');
    expect(lost.errors).toMatchObject([{ path: ['pessoa', 'constructor'], extensions: { code: 'FONTE_INVALIDA' } }]);
  });
});

describe('What is compiled', () => {
  const schema = buildSchema('type Query { nome: String }');

  const operationsOf = ({ definitions }: DocumentNode) => definitions as readonly OperationDefinitionNode[];

  function learn(compiled: CompiledOperations, document = parse('query A { nome } query B { nome }')): DocumentNode {
    const operation = operationsOf(document)[0]!;
    const node = { kind: 'Fetch', serviceName: 'debt', operation: '{ nome }' };
    const serviceMap = { debt: { process: async () => ({}) } };
    compiled.compile(
      { queryPlan: { node }, serviceMap, operationContext: { schema, operation, fragments: {} } },
      operation,
    );
    return document;
  }

  it('is known by schema and operation', () => {
    const compiled = new CompiledOperations();
    const document = learn(compiled);
    const [first, second] = operationsOf(document) as [OperationDefinitionNode, OperationDefinitionNode];
    const known = compiled.get(schema, first);
    expect(known?.fetches).toMatchObject([{ query: '{ nome }' }]);
    learn(compiled, document);
    expect(compiled.get(schema, first)).toBe(known);
    expect(compiled.get(schema, second)).toBeUndefined();
    expect(compiled.get(schema, operationsOf(parse('query A { nome }'))[0]!)).toBeUndefined();
    expect(compiled.get(buildSchema('type Query { nome: String }'), first)).toBeUndefined();
  });

  it('dies with the document that Apollo Server forgets', async () => {
    const compiled = new CompiledOperations();
    const watch = () => new WeakRef(compiled.get(schema, operationsOf(learn(compiled))[0]!)!);
    const forgotten = watch();
    const kept = learn(compiled);
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    await setTimeout(0); // a WeakRef holds its target until the end of the turn
    collectGarbage();
    expect(forgotten.deref()).toBeUndefined();
    expect(compiled.get(schema, operationsOf(kept)[0]!)).toBeDefined();
  });
});
