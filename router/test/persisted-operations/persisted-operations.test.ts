import { readFileSync } from 'node:fs';
import { ApolloServer, type BaseContext } from '@apollo/server';
import { restRoutes } from '@pessoa/rest/routes';
import { constantPlugin } from '@pessoa/service/graphql/constant-plugin';
import { buildSchema } from 'graphql';
import { operationId, type PersistedOperation } from '../../src/persisted-operations/operation-manifest.ts';
import { PersistedOperations } from '../../src/persisted-operations/persisted-operations.ts';
import { ANA } from '../graph/people.ts';
import { MAIN_QUERY } from '../graph/queries.ts';
import { type RouterUnderTest, startRouter } from '../graph/router-under-test.ts';
import { type TestSubgraph, startSubgraph } from '../graph/subgraphs.ts';
import { composeSupergraph } from '../graph/supergraph.ts';

const supergraphSdl = composeSupergraph();
const API_SCHEMA = buildSchema(readFileSync(new URL('../../../schema/api.graphql', import.meta.url), 'utf8'));
const silent = { debug() {}, info() {}, warn() {}, error() {} };

function operation(name: string, body: string, type: PersistedOperation['type'] = 'query'): PersistedOperation {
  return { id: operationId(body), name, type, body };
}
const principal = operation('Principal', MAIN_QUERY);
const byId = (id: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } });

describe('A router that knows operations', () => {
  let subgraphs: TestSubgraph[];
  const sources = () => {
    const [debt, score, event] = subgraphs.map(({ url }) => url) as [string, string, string];
    return { debt, score, event };
  };
  const steps: string[] = [];
  const stepsPlugin = constantPlugin<BaseContext>({
    parsingDidStart: async () => void steps.push('parse'),
    validationDidStart: async () => void steps.push('validate'),
  });
  const start = (manifest: readonly PersistedOperation[], introspection = true) =>
    startRouter(supergraphSdl, sources(), {
      plugins: [stepsPlugin],
      introspection,
      persistedOperations: new PersistedOperations(manifest, { introspection }),
    });

  beforeAll(async () => {
    subgraphs = await Promise.all((['debt', 'score', 'event'] as const).map((name) => startSubgraph(name)));
  });
  beforeEach(() => void (steps.length = 0));
  afterAll(() => Promise.all(subgraphs.map((subgraph) => subgraph.close())));

  describe('answers', () => {
    let router: RouterUnderTest;
    beforeAll(async () => {
      router = await start([principal]);
    });
    afterAll(() => router.close());

    it('an id as it answers the document, and parses and validates neither', async () => {
      const answer = await router.post({ ...byId(principal.id), variables: { cpf: ANA } });
      expect(answer.errors).toEqual([]);
      expect(await router.ask(MAIN_QUERY, { cpf: ANA })).toEqual(answer);
      expect(steps).toEqual([]);
    });

    it('a known operation compiled from its second use on', async () => {
      const runs = router.executorRuns();
      for (let use = 0; use < 3; use++) await router.post({ ...byId(principal.id), variables: { cpf: ANA } });
      expect(router.executorRuns() - runs).toBeLessThanOrEqual(1);
    });

    it('the operations of the five REST routes by id, without a manifest that has them', async () => {
      for (const { document, name } of restRoutes) {
        const request = { operationName: name, variables: { cpf: ANA, first: 1 } };
        const { status, errors } = await router.post({ ...byId(operationId(document)), ...request });
        expect([name, status, errors]).toEqual([name, 200, []]);
      }
      expect(restRoutes).toHaveLength(5);
      expect(steps).toEqual([]);
    });

    it('an unknown id with PERSISTED_QUERY_NOT_FOUND, however often its document was sent with it', async () => {
      const query = '{ __typename }';
      for (let use = 0; use < 3; use++) {
        expect(await router.post({ query, ...byId(operationId(query)) })).toMatchObject({ status: 200, data: { __typename: 'Query' } }); // prettier-ignore
        const { status, body } = await router.post(byId(operationId(query)));
        const error = { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } };
        expect([status, JSON.parse(body)]).toEqual([200, { errors: [error], data: null }]);
      }
    });

    it('a wrong name of the operation, and bad variables, as it does for a document', async () => {
      for (const request of [
        { operationName: 'Outra', variables: { cpf: ANA } },
        { variables: { cpf: '123' } },
        { variables: {} },
      ]) {
        const answer = await router.post({ ...byId(principal.id), ...request });
        expect(answer.status).toBe(400);
        expect(await router.post({ query: MAIN_QUERY, ...request })).toEqual(answer);
      }
    });
  });

  it('lists the operations of the REST routes and of the manifest; those of its pages it knows, so that their own door runs them', async () => {
    const page = operation('Pagina', 'query Pagina { __typename }');
    const operations = (manifest: readonly PersistedOperation[]) => new PersistedOperations(manifest, { introspection: true, pages: [page] }); // prettier-ignore
    const known = operations([principal]);
    await new ApolloServer({ schema: API_SCHEMA, plugins: [known.plugin], logger: silent }).start();
    const names = known.listed.operations.map(({ operation: { name } }) => name);
    expect(names).toEqual([...restRoutes.map(({ name }) => name), 'Principal']);
    expect([known.has(principal.id), known.has(page.id), known.knows(page.id)]).toEqual([true, false, true]);
    expect([known.documentTextOf({ ...byId(page.id).extensions }), known.nameOf(page.id)]).toEqual([
      page.body,
      'Pagina',
    ]);
    expect(operations([principal, page]).has(page.id)).toBe(true);
    expect(operations([principal, page]).fingerprint).not.toBe(known.fingerprint);
  });

  /** Only the server: what it refuses, it refuses before it has any other part. */
  async function startServer(manifest: readonly PersistedOperation[], introspection: boolean): Promise<void> {
    const { plugin } = new PersistedOperations(manifest, { introspection });
    await new ApolloServer({ schema: API_SCHEMA, plugins: [plugin], logger: silent }).start();
  }

  describe('does not start, and names the operation, if a manifest has', () => {
    it.each([
      ['no GraphQL', operation('A', 'query A {'), /^A: line 1: Syntax Error/],
      ['a field that the schema does not have', operation('A', 'query A { pessoa(cpf: "1") {\n idade } }'), /^A: line 2: Cannot query field "idade" on type "Pessoa"/s], // prettier-ignore
      ['two operations in one body', operation('A', 'query A { __typename } query B { __typename }'), /^A: `body` does not have exactly one operation$/], // prettier-ignore
      ['no operation', operation('A', 'fragment F on Pessoa { cpf }'), /^A: `body` does not have exactly one operation$/], // prettier-ignore
      ['another name', operation('A', 'query B { __typename }'), /^A: `name` is not the name of the operation in `body`$/], // prettier-ignore
      ['an operation without a name', operation('A', '{ __typename }'), /^A: `name` is not the name/],
      ['another type', operation('A', 'query A { __typename }', 'mutation'), /^A: `type` is not the type/],
      ['a mutation', operation('A', 'mutation A { __typename }', 'mutation'), /^A: line 1: The schema has no mutation/],
      ['too deep a document', operation('A', `query A ${'{ pessoa '.repeat(11)}{ cpf }${' }'.repeat(11)}`), /A: The document has at most 10 levels/], // prettier-ignore
      ['too many tokens', operation('A', `query A { ${'__typename '.repeat(1_001)}}`), /^A: .*tokens/],
      ['too many fields at the root', operation('A', `query A { ${['a', 'b', 'c', 'd', 'e', 'f'].map((key) => `${key}: __typename`).join(' ')} }`), /^A: (line 1: )?An operation has at most 5 fields at its root/], // prettier-ignore
      ['too many fields in nested fragments', operation('A', `query A { pessoa(cpf: "${ANA}") { ...F0 } } ${[...Array(5).keys()].map((n) => `fragment F${n} on Pessoa { ${`...F${n + 1} `.repeat(5)}}`).join(' ')} fragment F5 on Pessoa { cpf }`), /^A: the document has too many fields once its fragments are written out$/], // prettier-ignore
      ['a name of a REST route with another body', operation('Divida', 'query Divida { __typename }'), /^Divida: an operation of a REST route has this name/], // prettier-ignore
    ])('%s', async (_title, bad, message) => {
      await expect(startServer([principal, bad], true)).rejects.toThrow(message);
    });

    it('introspection while introspection is off', async () => {
      const introspecting = operation('A', 'query A { __schema { queryType { name } } }');
      await expect(startServer([introspecting], false)).rejects.toThrow(
        /^A: line 1: GraphQL introspection has been disabled/,
      );
      const router = await start([introspecting], true);
      expect((await router.post(byId(introspecting.id))).errors).toEqual([]);
      await router.close();
    });
  });
});
