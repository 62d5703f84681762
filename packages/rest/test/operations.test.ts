import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { isEnumType, parse, validate } from 'graphql';
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { naturezas, tipos } from '../src/params.ts';
import { restRoutes } from '../src/routes.ts';
import { ANA, sdl } from './rest-graph.ts';

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

/** Every choice of parts that a request can make, and all of them. */
const selections = restRoutes.flatMap((route) => {
  const names = Object.keys(route.body).filter((name) => name !== 'cpf');
  return Array.from({ length: 2 ** names.length }, (_, choice) => {
    const campos = names.filter((_name, bit) => (choice >> bit) & 1);
    const query = campos.length > 0 ? { campos } : {};
    return { route, campos, selection: route.select({ path: { cpf: ANA }, query }) };
  });
});

describe('The operations of the routes', () => {
  it('are valid in the composed graph, so the router answers them', () => {
    const api = composedApi();
    expect(selections).toHaveLength(16 + 32 + 8 + 2 + 2);
    for (const { campos, selection } of selections)
      expect({ campos, errors: validate(api, parse(selection.document)) }).toEqual({ campos, errors: [] });
  });

  it('are valid in the schema of their service, so the service answers without the router', () => {
    for (const { route, campos, selection } of selections)
      expect({ campos, errors: validate(subgraphOf(route.service), parse(selection.document)) }).toEqual({
        campos,
        errors: [],
      });
  });

  it('get the variables that they declare, and no others', () => {
    for (const { selection, campos } of selections) {
      const [operation] = parse(selection.document).definitions as [OperationDefinitionNode];
      const declared = operation.variableDefinitions!.map(({ variable }) => variable.name.value);
      const query = { limite: 25, ...(campos.length > 0 && { campos }) };
      expect(Object.keys(selection.toVariables({ path: { cpf: ANA }, query })).toSorted()).toEqual(declared.toSorted());
    }
  });

  it('are one for each choice, whatever its order; a choice of all parts is the whole operation', () => {
    const [divida] = restRoutes;
    const select = (...campos: string[]) => divida!.select({ path: { cpf: ANA }, query: { campos } });
    expect(select('nome', 'dividas')).toBe(select('dividas', 'nome'));
    expect(select('resumo', 'nome', 'dividas', 'endereco').document).toBe(divida!.document);
  });

  it.each(restRoutes)('have the name of their route: $name', ({ name, document }) => {
    expect(parse(document).definitions).toMatchObject([{ kind: 'OperationDefinition', name: { value: name } }]);
  });

  it('accept the values of natureza and tipo that the SDL has', () => {
    expect(naturezas).toEqual(enumValues('NaturezaLancamento'));
    expect(tipos).toEqual(enumValues('TipoMovimentacao'));
  });
});
