import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, GraphQLError, parse, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { guardSchema, type GuardOptions } from '../../src/index.ts';

/** Who asks: `scopes` undefined is nobody. */
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

/** A policy that the caller simply holds, or not. */
export const held =
  (name: string) =>
  ({ context }: { readonly context: Caller }): boolean =>
    context.policies?.includes(name) === true;

export function subgraph(sdl: string, resolvers: object = {}, link = everyDirective): GraphQLSchema {
  return buildSubgraphSchema([{ typeDefs: parse(`extend schema ${link}\n${sdl}`), resolvers: resolvers as never }]);
}

/** The schema of a subgraph, guarded. */
export const guarded = (
  sdl: string,
  options: Partial<GuardOptions<Caller>> = {},
  resolvers: object = {},
  link?: string,
): GraphQLSchema => guardSchema(subgraph(sdl, resolvers, link), guardOptions(options));

/** The plain data of an answer, and the paths of its errors. */
export interface Answer {
  readonly data: unknown;
  readonly denied: readonly string[];
}

export async function ask(
  schema: GraphQLSchema,
  source: string,
  caller: Caller,
  rootValue: object = {},
): Promise<Answer> {
  const result: ExecutionResult = await graphql({ schema, source, contextValue: caller, rootValue });
  const errors = result.errors ?? [];
  const other = errors.find((error) => error.message !== 'denied');
  if (other !== undefined) throw other;
  return { data: JSON.parse(JSON.stringify(result.data)), denied: errors.map((error) => (error.path ?? []).join('.')) };
}
