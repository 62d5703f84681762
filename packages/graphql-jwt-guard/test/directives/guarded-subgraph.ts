import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, GraphQLError, parse, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { guardSchema, type GuardOptions } from '../../src/index.ts';

/** A caller. Without `scopes` it is not authenticated. */
export interface Caller {
  readonly scopes?: readonly string[];
  readonly policies?: readonly string[];
}

const everyDirective = `@link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@authenticated", "@requiresScopes", "@policy"])`;

export const guardOptions = (options: Partial<GuardOptions<Caller>> = {}): GuardOptions<Caller> => ({
  scopesOf: ({ scopes }) => (scopes === undefined ? undefined : new Set(scopes)),
  policies: {},
  toError: () => new GraphQLError('denied', { extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }),
  ...options,
});

/** A policy that is true if its name is among the caller's. */
export const policyNamed =
  (name: string) =>
  ({ context }: { readonly context: Caller }): boolean =>
    context.policies?.includes(name) === true;

export function subgraphSchema(sdl: string, resolvers: object = {}, link = everyDirective): GraphQLSchema {
  return buildSubgraphSchema([{ typeDefs: parse(`extend schema ${link}\n${sdl}`), resolvers: resolvers as never }]);
}

/** The guarded schema of a subgraph. */
export const guardedSchema = (
  sdl: string,
  options: Partial<GuardOptions<Caller>> = {},
  resolvers: object = {},
  link?: string,
): GraphQLSchema => guardSchema(subgraphSchema(sdl, resolvers, link), guardOptions(options));

/** The data of an answer, and the paths of its denied fields. */
export interface Answer {
  readonly data: unknown;
  readonly denied: readonly string[];
}

/** Runs an operation. Any error other than a denial rejects. */
export async function ask(
  schema: GraphQLSchema,
  source: string,
  caller: Caller,
  rootValue: object = {},
): Promise<Answer> {
  const result: ExecutionResult = await graphql({ schema, source, contextValue: caller, rootValue });
  const errors = result.errors ?? [];
  const unexpectedError = errors.find((error) => error.message !== 'denied');
  if (unexpectedError !== undefined) throw unexpectedError;
  return { data: JSON.parse(JSON.stringify(result.data)), denied: errors.map((error) => (error.path ?? []).join('.')) };
}
