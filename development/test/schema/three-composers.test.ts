import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices as composeByApollo } from '@apollo/composition';
import { serviceNames } from '@pessoa/domain/services';
import { root } from '@pessoa/operations/system/home';
import { composeServices as composeByTheGuild } from '@theguild/federation-composition';
import { federateSubgraphs, LATEST_ROUTER_COMPATIBILITY_VERSION } from '@wundergraph/composition';
import { buildASTSchema, type DocumentNode, type GraphQLSchema, isObjectType, parse } from 'graphql';

/** WunderGraph's composer does not know `@policy`, and accepts a definition of it in the SDL. */
const POLICY = `
  directive @policy(policies: [[federation__Policy!]!]!) on ENUM | FIELD_DEFINITION | INTERFACE | OBJECT | SCALAR
  scalar federation__Policy`;

const sdlOf = (name: string): string => readFileSync(join(root, 'schema', `${name}.graphql`), 'utf8');
const services = serviceNames.map((name) => ({
  name,
  url: `http://${name}.invalid/graphql`,
  typeDefs: parse(sdlOf(name)),
}));

/** Every field of every object that clients see, with its type and its arguments. */
function fieldsOf(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !/^(__|join__|link__|core__)/.test(name))
    .flatMap((type) =>
      Object.values(type.getFields()).map(
        (field) => `${type.name}.${field.name}(${field.args.map((arg) => `${arg.name}: ${String(arg.type)}`).toSorted().join()}): ${String(field.type)}`, // prettier-ignore
      ),
    )
    .toSorted();
}
const schemaOf = (document: DocumentNode): GraphQLSchema => buildASTSchema(document, { assumeValidSDL: true });
const api = fieldsOf(schemaOf(parse(readFileSync(join(root, 'schema', 'api.graphql'), 'utf8'))));

describe('The three SDL files compose to the same API with the composer of', () => {
  it('Apollo', () => {
    const { schema, errors } = composeByApollo(services);
    expect(errors).toBeUndefined();
    expect(fieldsOf(schema!.toAPISchema().toGraphQLJSSchema())).toEqual(api);
  });

  it('The Guild', () => {
    const { supergraphSdl, errors } = composeByTheGuild(services);
    expect(errors).toBeUndefined();
    expect(fieldsOf(schemaOf(parse(supergraphSdl!)))).toEqual(api);
  });

  it('WunderGraph, which needs a definition of @policy', () => {
    const result = federateSubgraphs({
      subgraphs: serviceNames.map((name) => ({
        name,
        url: `http://${name}.invalid/graphql`,
        definitions: parse(sdlOf(name) + POLICY),
      })),
      version: LATEST_ROUTER_COMPATIBILITY_VERSION,
    });
    expect(result.success ? [] : result.errors.map(({ message }) => message)).toEqual([]);
    expect(result.success && fieldsOf(result.federatedGraphClientSchema)).toEqual(api);
  });
});
