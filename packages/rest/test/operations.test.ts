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
  const enumType = subgraphOf('event').getType(type);
  return isEnumType(enumType) ? enumType.getValues().map(({ name }) => name) : [];
};

describe('The operations of the routes', () => {
  it('are valid in the composed graph, so the router answers them', () => {
    const api = composedApi();
    expect(restRoutes.map(({ name, document }) => ({ name, errors: validate(api, parse(document)) }))).toEqual(
      restRoutes.map(({ name }) => ({ name, errors: [] })),
    );
  });

  it.each(restRoutes)(
    'are valid in the schema of their service, so the service answers $path without the router',
    (route) => {
      expect(validate(subgraphOf(route.service), parse(route.document))).toEqual([]);
    },
  );

  it.each(restRoutes)('have the name of their route: $name', ({ name, document }) => {
    expect(parse(document).definitions).toMatchObject([{ kind: 'OperationDefinition', name: { value: name } }]);
  });

  it('accept the values of natureza and tipo that the SDL has', () => {
    expect(naturezas).toEqual(enumValues('NaturezaLancamento'));
    expect(tipos).toEqual(enumValues('TipoMovimentacao'));
  });
});
