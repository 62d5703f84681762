import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { isEnumType, parse, validate } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { naturezas, tipos } from '../src/params.ts';
import { restRoutes } from '../src/routes.ts';
import { sdl } from './rest-graph.ts';

const subgraphOf = (service: keyof typeof sdl): GraphQLSchema => buildSubgraphSchema(parse(sdl[service]));

const composedApi = (): GraphQLSchema => {
  const services = Object.entries(sdl).map(([name, text]) => ({ name, typeDefs: parse(text) }));
  const { schema, errors } = composeServices(services);
  if (schema === undefined) throw new Error(errors?.join());
  return schema.toAPISchema().toGraphQLJSSchema();
};

const enumValues = (type: string): readonly string[] => {
  const found = subgraphOf('event').getType(type);
  return isEnumType(found) ? found.getValues().map(({ name }) => name) : [];
};

describe('The operations of the routes', () => {
  it('fit the composed graph, so the router answers them', () => {
    const api = composedApi();
    expect(restRoutes.map(({ name, document }) => [name, validate(api, parse(document))])).toEqual(
      restRoutes.map(({ name }) => [name, []]),
    );
  });

  it.each(restRoutes)("fit the own service's schema alone, so it answers $path without the router", (route) => {
    expect(validate(subgraphOf(route.service), parse(route.document))).toEqual([]);
  });

  it.each(restRoutes)('are named as the route says: $name', ({ name, document }) => {
    expect(parse(document).definitions).toMatchObject([{ kind: 'OperationDefinition', name: { value: name } }]);
  });

  it('take the natureza and tipo values of the SDL', () => {
    expect(naturezas).toEqual(enumValues('NaturezaLancamento'));
    expect(tipos).toEqual(enumValues('TipoMovimentacao'));
  });
});
