import { ApolloGateway, type GatewayConfig, type GraphQLDataSource } from '@apollo/gateway';
import {
  type CompiledFetch,
  type CompiledOperation,
  CompiledOperations,
  compileOperation,
  type ResolvedPlan,
} from './compiled-operation.ts';
import { IrregularAnswerError } from './projector.ts';

type Executor = ApolloGateway['executor'];
type RequestContext = Parameters<Executor>[0];
type Process = GraphQLDataSource<Record<string, unknown>>['process'];
type Answer = Awaited<ReturnType<Process>>;

/**
 * @apollo/gateway, with a short way for what nearly every request is: a known operation whose plan is one round of
 * independent fetches. The gateway's own executor rebuilds the operation and shapes the answer anew on every request.
 *
 * It runs every operation the first time, and whenever an answer has an error or is not of the plain form: then the answers
 * that were received are played to it again, so that nothing is fetched twice and its code makes the errors.
 */
export class CompilingGateway extends ApolloGateway {
  constructor(config: GatewayConfig & { buildService: NonNullable<GatewayConfig['buildService']> }) {
    const compiled = new CompiledOperations();
    const received = new WeakMap<object, Map<string, Answer>>();
    super({
      ...config,
      buildService: (definition) => replaying(config.buildService(definition), received),
      experimental_didResolveQueryPlan({ requestContext, ...plan }) {
        const { document, request } = requestContext as unknown as RequestContext;
        compiled.set(document, request.operationName, compileOperation(plan as unknown as ResolvedPlan));
      },
    });
    const stock = this.executor;
    this.executor = async (requestContext) => {
      const { document, request, schema } = requestContext;
      const operation = compiled.get(document, request.operationName, schema);
      if (!operation) return stock(requestContext);
      const answers = await Promise.all(operation.fetches.map((fetch) => ask(fetch, requestContext)));
      const data = dataOf(operation, answers);
      if (data) return { data };
      received.set(requestContext, new Map(answers.map((answer, index) => [operation.fetches[index]!.query, answer])));
      return stock(requestContext);
    };
  }
}

function ask({ dataSource, query, variableNames }: CompiledFetch, requestContext: RequestContext): Promise<Answer> {
  const given = requestContext.request.variables ?? {};
  const variables: Record<string, unknown> = {};
  for (const name of variableNames)
    if (given[name] !== undefined && Object.hasOwn(given, name)) variables[name] = given[name];
  return dataSource.process({
    request: { query, variables },
    incomingRequestContext: requestContext,
    context: requestContext.context,
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

/** Gives the answers that a request has received already, each once: two fetches of a plan may be equal. */
function replaying<Source extends Pick<GraphQLDataSource, 'process'>>(
  source: Source,
  received: WeakMap<object, Map<string, Answer>>,
): Source {
  const process = source.process.bind(source);
  source.process = (async (options: Parameters<Process>[0]) => {
    if ('incomingRequestContext' in options) {
      const answer = received.get(options.incomingRequestContext)?.get(options.request.query ?? '');
      if (answer) return answer;
    }
    return process(options as never);
  }) as Source['process'];
  return source;
}
