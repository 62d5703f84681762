import type { ApolloServer, GraphQLRequest } from '@apollo/server';
import type { RestOperation } from '@pessoa/rest/answer';
import type { FormattedExecutionResult } from 'graphql';
import type { OperationParameters } from './graphql-parameters.ts';
import type { RequestContext } from './request-context.ts';
import type { RequestFacts } from './request-facts.ts';

/** An answer of the execution of a request that Apollo Server did not see. */
export interface KnownAnswer {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: ReadonlyMap<string, string>;
  readonly body: FormattedExecutionResult;
}

/**
 * @param takesText whether values in the answer may be `JsonText`
 * @returns undefined for what Apollo Server has to answer, in the same context
 */
export type AnswerKnown<Context> = (
  operation: OperationParameters,
  context: Context,
  takesText: boolean,
) => Promise<KnownAnswer | undefined>;

/** What executes operations, from GraphQL and from REST. */
export interface Graph<Context extends RequestContext> {
  readonly server: ApolloServer<Context>;
  /** Answers without Apollo Server. Default: Apollo Server answers all. */
  readonly answerKnown?: AnswerKnown<Context>;
  /** Throws a `PublicError` for an operation of a client that may not run, before it is parsed. Default: each may. */
  checkPersisted?(parameters: OperationParameters): void;
  /** Makes the request of a REST route to the server. Default: it sends the document. */
  toRequest?(operation: RestOperation): GraphQLRequest;
}

/**
 * Runs the work of one request. The graph stays open until the work has settled, also when another one replaces it meanwhile.
 *
 * @throws PublicError RATE_LIMITED when the process has no room for the request
 */
export type WithGraph<Context extends RequestContext> = <T>(
  facts: RequestFacts,
  work: (graph: Graph<Context>) => Promise<T>,
) => Promise<T>;
