import { hash } from 'node:crypto';
import { ApolloGateway, type GatewayConfig, type GraphQLDataSource } from '@apollo/gateway';
import {
  type ApolloServerPlugin,
  type BaseContext,
  type GraphQLRequestContextResponseForOperation,
  HeaderMap,
} from '@apollo/server';
import {
  type CompiledFetch,
  type CompiledOperation,
  CompiledOperations,
  type ResolvedPlan,
} from './compiled-operation.ts';
import { setOwn } from './json-object.ts';
import { toNamelessDocument } from './nameless-document.ts';
import { IrregularAnswerError } from './projector.ts';

type OperationContext = GraphQLRequestContextResponseForOperation<BaseContext>;
type Process = GraphQLDataSource<Record<string, unknown>>['process'];
type Answer = Awaited<ReturnType<Process>>;

/** By the context of a request; a fetch is known by whom it asks and what. */
type ReceivedAnswers = WeakMap<object, { dataSource: unknown; query: string; answer: Answer }[]>;

/**
 * @apollo/gateway, with a short way for what nearly every request is: a known operation whose plan is one round of
 * independent fetches. The gateway's own executor rebuilds the operation and shapes the answer anew on every request.
 *
 * It runs every operation the first time, and whenever an answer has an error or is not of the plain form: then the answers
 * that were received are played to it again, so that nothing is fetched twice and its code makes the errors.
 *
 * The short way does not check variables, as the gateway's own executor would: whoever runs the gateway has done so before.
 */
export class CompilingGateway extends ApolloGateway {
  /** The short way, for the server over this gateway, as its first plugin: without it everything goes the gateway's own way. */
  readonly plugin: ApolloServerPlugin<BaseContext>;

  constructor(config: GatewayConfig & { buildService: NonNullable<GatewayConfig['buildService']> }) {
    const compiled = new CompiledOperations();
    const received: ReceivedAnswers = new WeakMap();
    super({
      ...config,
      buildService: (definition) => replaying(config.buildService(definition), received),
      experimental_didResolveQueryPlan({ requestContext, ...plan }) {
        const { operation } = requestContext as unknown as OperationContext;
        compiled.compile(plan as unknown as ResolvedPlan, operation);
      },
    });
    const stock = this.executor;
    this.executor = (requestContext) => {
      const { document, operation, request, queryHash } = requestContext;
      if (!operation) return stock(requestContext);
      // The hash, by which a plan is kept, is of the document: of several operations in it each has a plan of its own.
      const { operationName, ...unnamed } = request;
      return stock({
        ...requestContext,
        document: toNamelessDocument(document, operation),
        request: unnamed,
        queryHash: operationName === undefined ? queryHash : hash('sha256', `${queryHash}\n${operationName}`, 'hex'),
      });
    };
    const listener = {
      async responseForOperation(requestContext: OperationContext) {
        const { schema, contextValue } = requestContext;
        const operation = compiled.get(schema, requestContext.operation);
        if (!operation) return null;
        const answers = await Promise.all(operation.fetches.map((fetch) => ask(fetch, requestContext)));
        const data = dataOf(operation, answers);
        if (data)
          return { http: { headers: new HeaderMap() }, body: { kind: 'single' as const, singleResult: { data } } };
        received.set(
          contextValue,
          operation.fetches.map(({ dataSource, query }, index) => ({ dataSource, query, answer: answers[index]! })),
        );
        return null;
      },
    };
    this.plugin = { requestDidStart: async () => listener };
  }
}

function ask({ dataSource, query, variableNames }: CompiledFetch, requestContext: OperationContext): Promise<Answer> {
  const given = requestContext.request.variables ?? {};
  const variables: Record<string, unknown> = {};
  for (const name of variableNames)
    if (given[name] !== undefined && Object.hasOwn(given, name)) setOwn(variables, name, given[name]);
  return dataSource.process({
    request: { query, variables },
    incomingRequestContext: requestContext,
    context: requestContext.contextValue,
  } as unknown as Parameters<Process>[0]);
}

/** Undefined when the gateway's own executor has to look at the answers. */
function dataOf({ project }: CompiledOperation, answers: readonly Answer[]): Record<string, unknown> | undefined {
  if (answers.some(({ data, errors }) => errors || !data)) return undefined;
  try {
    return project(answers.map(({ data }) => data as Record<string, unknown>));
  } catch (error) {
    if (error instanceof IrregularAnswerError) return undefined;
    throw error;
  }
}

/** Gives the gateway's own executor what a request has received already, in place of asking again. */
function replaying<Source extends Pick<GraphQLDataSource, 'process'>>(
  source: Source,
  received: ReceivedAnswers,
): Source {
  const process = source.process.bind(source);
  source.process = ((options: Parameters<Process>[0]) => {
    const known = received
      .get(options.context)
      ?.find(({ dataSource, query }) => dataSource === source && query === options.request.query);
    return known ? Promise.resolve(known.answer) : process(options as never);
  }) as Source['process'];
  return source;
}
