import { isDeepStrictEqual } from 'node:util';
import { ApolloGateway, type GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { type Service, serviceNames } from '@pessoa/domain/services';
import fc from 'fast-check';
import type { GraphQLFormattedError } from 'graphql';
import { complete, expectedAnswer, placeIn } from '../graph/expected-answer.ts';
import { type FaultyTransports, startFaultyTransports } from '../graph/faulty-transports.ts';
import type { JsonObject } from '../graph/generated-faults.ts';
import { ANA, BIA } from '../graph/people.ts';
import { randomDocuments } from '../graph/random-documents.ts';
import { type GraphqlAnswer, type RouterUnderTest, startRouter } from '../graph/router-under-test.ts';
import { composeSupergraph } from '../graph/supergraph.ts';

const supergraphSdl = composeSupergraph();
const CASES = 6_000;
/** The router cuts longer lists of errors. */
const ERRORS_MAX = 50;

const roots = fc.constantFrom(
  [`pessoa(cpf: "${ANA}")`],
  [`pessoas(cpfs: ["${BIA}", "${ANA}"])`],
  [`pessoas(cpfs: ["${ANA}", "${BIA}", "${ANA}"])`],
  [`p: pessoa(cpf: "${ANA}")`, `q: pessoa(cpf: "${BIA}")`],
  [`p: pessoa(cpf: "${ANA}")`, `q: pessoa(cpf: "${ANA}")`],
  [`p: pessoa(cpf: "${BIA}")`, `q: pessoas(cpfs: ["${BIA}", "${ANA}"])`],
);

describe('A random operation over sources with generated faults', () => {
  let faulty: FaultyTransports;
  let ours: RouterUnderTest;
  let stock: ApolloServer;

  beforeAll(async () => {
    faulty = await startFaultyTransports();
    ours = await startRouter(supergraphSdl, faulty.transports);
    stock = await startStockServer(faulty);
  });
  afterAll(async () => {
    await Promise.all([ours.close(), stock.stop()]);
    await faulty.close();
  });

  it(
    'gets the answer that @apollo/gateway makes of checked replies',
    async () => {
      let compiled = 0;
      await fc.assert(
        fc.asyncProperty(randomDocuments(roots), fc.nat(), async (query, seed) => {
          faulty.start(seed);
          const cold = await ours.ask(query);
          fc.pre(cold.status === 200); // the router refuses documents over a limit
          await ours.ask(query); // the router compiles an operation at its second use
          const runsBefore = ours.executorRuns();
          const warm = await ours.ask(query);
          if (ours.executorRuns() === runsBefore) compiled++;
          const expected = await askStock(stock, query);
          const answers = {
            cold: comparable(cold),
            warm: comparable(warm),
            expected: comparable(expected),
          };
          const isSame = isDeepStrictEqual(answers.warm, answers.cold) && isSameAnswer(answers.cold, answers.expected);
          const violations = complete({ query, variables: {} }, warm.data as JsonObject);
          if (isSame && !violations.errors) return;
          const faults = serviceNames.map((name) => ({ name, ...faulty.calls[name][0] }));
          throw new Error(JSON.stringify({ query, seed, faults, answers, violations: violations.errors }, null, 2));
        }),
        generatedProperty(CASES),
      );
      expect(compiled).toBeGreaterThan(generatedCases(CASES) / 100);
    },
    20 * 60_000,
  );
});

type Answer = Pick<GraphqlAnswer, 'data' | 'errors'>;

/**
 * Errors have the order in which the sources answered, so they are compared as a set. A value that the schema does not
 * allow can make a parent null. GraphQL then requires one error for that null, at any of the values below it. So an
 * error counts at the place of its null. Where the source itself reports an error at that null, the router need not
 * add its own FONTE_INVALIDA.
 */
function comparable({ data, errors }: Answer) {
  const codesByPlace = new Map<string, Set<string>>();
  for (const { path = [], extensions } of errors as readonly GraphQLFormattedError[]) {
    const place = placeIn(data, path).join('.');
    const code = `${String(extensions?.['code'])} ${String(extensions?.['fonte'])}`;
    codesByPlace.set(place, (codesByPlace.get(place) ?? new Set()).add(code));
  }
  const errorLines = [...codesByPlace].flatMap(([place, codes]) => {
    const reported = [...codes].filter((code) => !code.startsWith('FONTE_INVALIDA'));
    return (reported.length > 0 ? reported : [...codes]).map((code) => `${place}: ${code}`);
  });
  return { data: JSON.stringify(data), errors: errorLines.toSorted(), count: errors.length };
}

type ComparableAnswer = ReturnType<typeof comparable>;

const isSameAnswer = (answer: ComparableAnswer, expected: ComparableAnswer): boolean =>
  answer.data === expected.data && (answer.count >= ERRORS_MAX || isDeepStrictEqual(answer.errors, expected.errors));

/** Starts @apollo/gateway over the replies that the router got, as `expectedAnswer` checks them. */
async function startStockServer({ calls }: FaultyTransports): Promise<ApolloServer> {
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }) => ({
      async process({ request }: GraphQLDataSourceProcessOptions) {
        const [observed] = calls[name as Service];
        if (!observed) throw new Error('the router did not send this fetch');
        const fetch = { query: request.query ?? '', variables: { ...request.variables } };
        const { data, errors } = expectedAnswer(fetch, observed.call, observed.reply, name as Service);
        return { data, ...(errors.length > 0 ? { errors } : {}) } as never;
      },
    }),
    logger: silent,
  });
  const server = new ApolloServer({ gateway, logger: silent });
  await server.start();
  return server;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

async function askStock(server: ApolloServer, query: string): Promise<Answer> {
  const { body } = await server.executeOperation({ query });
  if (body.kind !== 'single') throw new Error('the answer is not complete');
  const { data, errors = [], extensions } = body.singleResult;
  if (extensions) throw new Error(`a checked reply was not valid: ${JSON.stringify(extensions)}`);
  return JSON.parse(JSON.stringify({ data, errors })) as Answer;
}
