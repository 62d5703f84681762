import { readFileSync } from 'node:fs';
import { serviceNames } from '@pessoa/domain/services';
import { asRouter } from '@pessoa/testkit/as-router';
import { graphql } from '@pessoa/testkit/graphql-client';
import { buildSchema, getNamedType, type GraphQLObjectType, isObjectType } from 'graphql';
import { addPerson } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const api = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));

/** A selection for each leaf below a type, such as `eventos { ultimaConsulta { id } }`. */
function leafSelections(type: GraphQLObjectType, ancestors: readonly string[] = []): string[] {
  if (ancestors.includes(type.name)) return [];
  return Object.values(type.getFields()).flatMap((field) => {
    const namedType = getNamedType(field.type);
    if (!isObjectType(namedType)) return [field.name];
    return leafSelections(namedType, [...ancestors, type.name]).map((inner) => `${field.name} { ${inner} }`);
  });
}

const valuesIn = (data: unknown): unknown[] =>
  data !== null && typeof data === 'object' ? Object.values(data).flatMap(valuesIn) : [data];

describe('every field of the graph', () => {
  let graph: WholeGraph;
  let cpf: string;
  const selections = leafSelections(api.getType('Pessoa') as GraphQLObjectType).filter(
    (selection) => selection !== 'cpf',
  );

  beforeAll(async () => {
    graph = await startWholeGraph({ auditor: true });
    cpf = await addPerson(graph);
  });
  afterAll(() => graph.close());

  it.each([
    ['no scope', { scope: '' }],
    ["another person's own token", { cpf: '52998224725' }],
  ])('is refused to a token of %s', async (_, request) => {
    expect(selections.length).toBeGreaterThan(100);
    const token = await graph.environment.token(request);
    const requests = serviceNames.map((name) => ({
      url: graph.subgraphs[name].url,
      sign: asRouter(graph.environment.env, name),
    }));
    for (const { url, ...signed } of [{ url: graph.router.url }, ...requests]) {
      for (const selection of selections) {
        const query = `{ pessoa(cpf: "${cpf}") { ${selection} } }`;
        const { body } = await graphql(url, { token, query, ...signed });
        if (body.errors?.[0]?.extensions?.code === 'GRAPHQL_VALIDATION_FAILED' && url !== graph.router.url) continue; // another subgraph's field
        expect(valuesIn(body.data).every((value) => value === null)).toBe(true);
        expect(body.errors?.map(({ extensions }) => extensions?.code)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
      }
    }
  });

  it('is answered with a token of every scope and consent', async () => {
    const thirdParty = await graph.environment.token({ consentimento: [cpf] });
    const holder = await graph.environment.token({ cpf });
    for (const selection of selections) {
      const isOfHolder = selection.includes('prova {');
      const query = `{ pessoa(cpf: "${cpf}") { ${selection} } }`;
      const { body } = await graphql(graph.router.url, { token: isOfHolder ? holder : thirdParty, query });
      const errors =
        body.errors?.filter(({ extensions }) => !isOfHolder || extensions?.code !== 'PROVA_PENDENTE') ?? [];
      expect(errors).toEqual([]);
    }
  });

  it.each([
    '{ _service { sdl } }',
    '{ _entities(representations: [{ __typename: "Pessoa", cpf: "52998224725" }]) { __typename } }',
    '{ __schema { types { name } } }',
  ])('is refused by a subgraph to a caller without a token: %s', async (query) => {
    for (const { url } of Object.values(graph.subgraphs)) {
      const { status, body, headers } = await graphql(url, { query });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(body).toEqual({ errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } }] });
    }
  });
});
