import type { DocumentNode, GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import type { Caller } from './caller.ts';
import { guardedAnswer, type AnswerOptions, type ExecutionAnswer } from './guarded-answer.ts';
import { OperationGuard, type OperationGuardOptions } from './operation-guard.ts';

export interface GatewayGuardOptions<Context>
  extends OperationGuardOptions, AnswerOptions<GraphQLFormattedError | Error> {
  /** As composed, with its authorization directives. */
  readonly supergraphSdl: string;
  readonly callerOf: (context: Context) => Caller;
}

/** What this needs of a request to a gateway. */
interface GatewayRequest<Context> {
  readonly document: DocumentNode;
  readonly operation?: OperationDefinitionNode;
  readonly queryHash: string;
  readonly request: { readonly variables?: Record<string, unknown> };
  readonly context: Context;
}

/** The part of a gateway of Apollo Server that runs operations. */
interface Gateway {
  load(options: never): Promise<{ executor: unknown }>;
}

type Executor<Context> = (request: GatewayRequest<Context>) => Promise<ExecutionAnswer<GraphQLFormattedError | Error>>;

/**
 * Puts the guard before the query planner of `@apollo/gateway`. The supergraph without its directives goes to `create`
 * and nowhere else, so that nobody serves it unguarded.
 *
 * @param create builds the gateway from the SDL it is given
 * @returns the gateway that `create` built, for Apollo Server
 * @throws Error for a supergraph that `stripAuthorization` cannot read completely
 */
export function guardGateway<Context, G extends Gateway>(
  create: (strippedSdl: string) => G,
  options: GatewayGuardOptions<Context>,
): G {
  const guard = new OperationGuard(options.supergraphSdl, options);
  const gateway = create(guard.strippedSdl);
  const load = gateway.load.bind(gateway);
  gateway.load = async (loadOptions: never) => {
    const loaded = await load(loadOptions);
    return { ...loaded, executor: guardExecutor(loaded.executor as Executor<Context>, guard, options) };
  };
  return gateway;
}

function guardExecutor<Context>(
  execute: Executor<Context>,
  guard: OperationGuard,
  options: GatewayGuardOptions<Context>,
): Executor<Context> {
  return async (request) => {
    const { document, operation, queryHash, context } = request;
    if (!operation) return execute(request);
    const guarded = guard.guard(document, operation, request.request.variables ?? {}, options.callerOf(context));
    if (!guarded.isChanged) return execute(request);
    if (!guarded.document || !guarded.operation) return guardedAnswer(guarded, { data: null }, options);
    const answer = await execute({
      ...request,
      document: guarded.document,
      operation: guarded.operation,
      // The gateway remembers plans by it.
      queryHash: `${queryHash} ${guarded.key}`,
    });
    return guardedAnswer(guarded, answer, options);
  };
}
