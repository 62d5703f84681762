import { type Service, serviceNames } from '@pessoa/domain/services';
import fc from 'fast-check';
import { ANA, BIA } from '../graph/people.ts';
import { randomDocuments } from '../graph/random-documents.ts';
import { type GraphqlAnswer, type RouterUnderTest, startRouter } from '../graph/router-under-test.ts';
import { startSubgraph, type TestSubgraph } from '../graph/subgraphs.ts';
import { composeSupergraph } from '../graph/supergraph.ts';

const supergraphSdl = composeSupergraph();
describe('A random operation on a person', () => {
  let subgraphs: TestSubgraph[];
  let ours: RouterUnderTest;
  let plain: RouterUnderTest;

  beforeAll(async () => {
    subgraphs = await Promise.all(serviceNames.map((name) => startSubgraph(name)));
    const urls = Object.fromEntries(serviceNames.map((name, index) => [name, subgraphs[index]!.url]));
    ours = await startRouter(supergraphSdl, urls as Record<Service, string>);
    plain = await startRouter(supergraphSdl, urls as Record<Service, string>, { plainGateway: true });
  });
  afterAll(async () => {
    await Promise.all([ours.close(), plain.close(), ...subgraphs.map((subgraph) => subgraph.close())]);
  });

  it('gets the same answer compiled as from @apollo/gateway', async () => {
    let compiled = 0;
    const roots = fc.constantFrom([`pessoa(cpf: "${ANA}")`], [`pessoas(cpfs: ["${BIA}", "${ANA}"])`]);
    await fc.assert(
      fc.asyncProperty(randomDocuments(roots), async (query) => {
        const expected = await plain.ask(query);
        fc.pre(expected.status === 200); // the router refuses documents over a limit
        for (let round = 0; round < 2; round++) await ours.ask(query);
        const before = ours.executorRuns();
        const warmAnswer = await ours.ask(query);
        if (expected.errors.length === 0) {
          expect(warmAnswer.body).toBe(expected.body);
          if (ours.executorRuns() === before) compiled++;
        } else expect(withSortedErrors(warmAnswer)).toEqual(withSortedErrors(expected));
      }),
      { numRuns: 150 },
    );
    expect(compiled).toBeGreaterThan(75);
  });
});

/** Errors of several sources have the order of their answers, so they are compared without order. */
const withSortedErrors = ({ data, errors }: GraphqlAnswer) => ({
  data: JSON.stringify(data),
  errors: errors.map((error) => JSON.stringify(error)).toSorted(),
});
