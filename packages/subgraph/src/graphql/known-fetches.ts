import type { ApolloServerPlugin } from '@apollo/server';
import type { FailedExecution } from '@pessoa/service/graphql/facts-plugin';
import { documentBytes } from '@pessoa/service/graphql/document-store';
import { SecondUseStore } from '@pessoa/service/graphql/second-use-store';
import { isOnlyQuery, type Variables } from '@pessoa/service/graphql/selection';
import type { RequestContext } from '@pessoa/service/http/request-context';
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

interface KnownFetch {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** For the line in the log. */
  readonly name: string | undefined;
}

const FETCHES_MAX_BYTES = 16 * 1024 * 1024;

/**
 * Executes the router's fetches from their third use on without Apollo Server's pipeline, which costs more than most fetches. Apollo
 * Server stays in charge of all others: it parses and validates each fetch twice before it is known.
 *
 * The schema, its guards, resolvers and loaders are the same.
 */
export class KnownFetches<Context extends RequestContext> {
  readonly #fetches = new SecondUseStore<KnownFetch>({
    maxBytes: FETCHES_MAX_BYTES,
    bytesOf: ({ document }) => documentBytes(document),
  });
  readonly #schema: GraphQLSchema;
  readonly #finish: (failed: FailedExecution<Context>) => GraphQLFormattedError[];
  /** Learns the queries that the server has validated. It comes after the plugin that names operations. */
  readonly plugin: ApolloServerPlugin<Context>;

  /** @param finish logs the errors of an execution and gives them the form for the client */
  constructor(
    schema: GraphQLSchema,
    isLearned: (context: Context) => boolean,
    finish: (failed: FailedExecution<Context>) => GraphQLFormattedError[],
  ) {
    this.#schema = schema;
    this.#finish = finish;
    const learn = async ({ source, document, operation, contextValue }: LearnedRequest<Context>): Promise<void> => {
      if (source !== undefined && operation && isLearned(contextValue) && isOnlyQuery(document))
        this.#fetches.set(source, { document, operation, name: contextValue.facts.operation });
    };
    this.plugin = { requestDidStart: async () => ({ didResolveOperation: learn }) };
  }

  /** @returns undefined for a query that is not known, and for variables that it does not take: then nothing has been read */
  async execute(
    query: string,
    variables: Variables,
    contextValue: Context,
  ): Promise<FormattedExecutionResult | undefined> {
    const known = this.#fetches.get(query);
    if (!known) return undefined;
    contextValue.facts.operation ??= known.name;
    contextValue.facts.way = 'known';
    const { data, errors } = (await execute({
      schema: this.#schema,
      document: known.document,
      variableValues: variables,
      contextValue,
    })) as ExecutionResult;
    if (data === undefined) return undefined;
    if (!errors) return { data };
    return { errors: this.#finish({ ...known, errors, schema: this.#schema, contextValue }), data };
  }
}

interface LearnedRequest<Context> {
  readonly source?: string | undefined;
  readonly document: DocumentNode;
  readonly operation?: OperationDefinitionNode | null | undefined;
  readonly contextValue: Context;
}
