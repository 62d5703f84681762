import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import fc from 'fast-check';
import {
  buildASTSchema,
  executeSync,
  getNullableType,
  isAbstractType,
  isEnumType,
  isListType,
  isObjectType,
  parse,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { guardSchema, OperationGuard, type Caller } from '../../src/index.ts';
import { randomCaller, randomOperation, type RandomOperation } from '../operation/random-operations.ts';
import { shopSubgraphs } from '../operation/shop-supergraph.ts';

const RUNS = generatedCases(10_000);

/**
 * A subgraph with renamed directives, an interface, a union, an enum and a scalar, all with requirements. Every field may be
 * null, so that a null is a refusal: the filter takes out an object of which everything is denied, the guard its fields.
 */
const typeDefs = parse(shopSubgraphs.catalog.replaceAll('!', ''));
const POLICIES = ['hr', 'payroll', 'night'];

const supergraphSdl = composeServices([{ name: 'catalog', typeDefs }]).supergraphSdl!;
const apiSchema = buildASTSchema(parse(supergraphSdl), { assumeValid: true, assumeValidSDL: true });
const openSchema = withValues(buildSubgraphSchema(typeDefs));
const guardedSchema = guardSchema<Caller>(withValues(buildSubgraphSchema(typeDefs)), {
  scopesOf: ({ isAuthenticated, scopes }) => (isAuthenticated ? scopes : undefined),
  policies: Object.fromEntries(POLICIES.map((name) => [name, ({ context }) => context.policies.has(name)])),
  toError: ({ by }) => new Error(by),
});
const filter = new OperationGuard(supergraphSdl);

/** Gives every field a value that depends on its path alone. None is null. */
function withValues(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields()))
      field.resolve = (_source, _args, _context, info) => valueOf(field.type, schema, placeOf(info.path));
  }
  return schema;
}

const placeOf = ({ prev, key }: GraphQLResolveInfo['path']): number =>
  [...String(key)].reduce((sum, character) => sum * 31 + character.charCodeAt(0), prev ? placeOf(prev) : 7) % 99_991;

function valueOf(type: GraphQLOutputType, schema: GraphQLSchema, place: number): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable))
    return [0, 1].map((index) => valueOf(nullable.ofType as GraphQLOutputType, schema, place + index));
  if (isAbstractType(nullable)) {
    const types = schema.getPossibleTypes(nullable);
    return { __typename: types[place % types.length]!.name };
  }
  if (isObjectType(nullable)) return {};
  return isEnumType(nullable) ? nullable.getValues()[place % 2]!.value : place;
}

/** The paths of all values of an answer that are not null, but for `__typename`. */
function valuesOf(data: unknown, path = ''): string[] {
  if (data === null || data === undefined) return [];
  if (typeof data !== 'object') return [path];
  return Object.entries(data).flatMap(([key, value]) =>
    /^(t\d|__typename)/.test(key) ? [] : valuesOf(value, `${path}.${key}`),
  );
}

const run = (
  schema: GraphQLSchema,
  document: DocumentNode,
  variableValues: RandomOperation['variables'],
  contextValue?: Caller,
): ExecutionResult => executeSync({ schema, document, variableValues, contextValue });

it(`of ${RUNS} generated operations and callers, the filter and the guard of the subgraph give the same values`, () => {
  const seen = { all: 0, some: 0, none: 0 };
  const property = fc.property(fc.gen(), (gen) => {
    const { source, variables } = randomOperation(gen, apiSchema);
    const caller = randomCaller(gen);
    const document = parse(source);
    const operation = document.definitions.find(
      (node) => node.kind === 'OperationDefinition',
    ) as OperationDefinitionNode;
    const filtered = filter.guard(document, operation, variables, caller);
    const left = filtered.document && run(openSchema, filtered.document, variables);
    const byFilter = valuesOf(filtered.complete(left?.data as Record<string, unknown> | null));
    const byGuard = valuesOf(run(guardedSchema, document, variables, caller).data);
    const told = {
      source,
      variables,
      caller: { ...caller, scopes: [...caller.scopes], policies: [...caller.policies] },
    };
    expect({ ...told, values: byGuard }).toEqual({ ...told, values: byFilter });
    const all = valuesOf(run(openSchema, document, variables).data);
    seen[byGuard.length === 0 ? 'none' : byGuard.length < all.length ? 'some' : 'all']++;
  });
  fc.assert(property, generatedProperty(10_000));
  expect(Math.min(seen.all, seen.some, seen.none)).toBeGreaterThan(RUNS / 50);
});
