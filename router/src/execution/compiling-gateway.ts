import { hash } from 'node:crypto';
import {
  ApolloGateway,
  type GatewayConfig,
  type GraphQLDataSource,
  type ServiceEndpointDefinition,
} from '@apollo/gateway';
import {
  type ApolloServerPlugin,
  type BaseContext,
  type GraphQLRequestContextResponseForOperation,
  HeaderMap,
} from '@apollo/server';
import type { OperationAccess } from '../authorization/operation-access.ts';
import {
  type CompiledFetch,
  type CompiledOperation,
  CompiledOperations,
  type ResolvedPlan,
} from './compiled-operation.ts';
import { setOwn } from './json-object.ts';
import { toNamelessDocument } from './nameless-document.ts';
import { IrregularAnswerError } from './projector.ts';
import { SubgraphDataSource } from './subgraph-data-source.ts';

/** Apollo Server's context of a request whose operation is resolved. */
type OperationContext = GraphQLRequestContextResponseForOperation<BaseContext>;
type Process = GraphQLDataSource<Record<string, unknown>>['process'];
type Answer = Awaited<ReturnType<Process>>;

type CompilingGatewayConfig = {
  readonly buildService: (definition: ServiceEndpointDefinition) => SubgraphDataSource;
} & GatewayConfig;

/**
 * The answers of a request, each with the data source and the query of its fetch. The key is the context value itself: the
 * gateway passes that object on to data sources. For a copy of it, the fetches would be sent again.
 */
type ReceivedAnswers = WeakMap<object, { dataSource: unknown; query: string; answer: Answer }[]>;

/**
 * The gateway of Apollo, with a short way for known operations whose plan is one round of independent fetches. Nearly
 * every request has such an operation. The gateway's own executor rebuilds the operation and the answer on every
 * request.
 *
 * The gateway's own executor runs an operation at its first two uses: a compiled operation belongs to a parsed
 * document, and Apollo Server keeps a document from its second use on. It also runs if an answer has an error or an
 * irregular form. It then gets the answers that the short way received: no fetch is sent twice, and the gateway's code
 * makes the errors.
 *
 * The short way does not check variables. The server over this gateway must check them first (`requestLimitsPlugin`).
 */
export class CompilingGateway extends ApolloGateway {
  /**
   * The short way. It must be the first plugin that answers, of the server over this gateway. Without it, the own executor runs
   * everything.
   */
  readonly plugin: ApolloServerPlugin<BaseContext>;
  /** What each operation may run. */
  readonly access: OperationAccess;

  /**
   * With another data source, which would check no answer, the gateway does not load its supergraph.
   *
   * @param access decides what each operation may run; the gateway loads the supergraph that it was made of
   */
  constructor(access: OperationAccess, config: CompilingGatewayConfig) {
    const compiled = new CompiledOperations();
    const received: ReceivedAnswers = new WeakMap();
    super({
      ...config,
      supergraphSdl: access.strippedSdl,
      buildService: (definition) => replayReceivedAnswers(requireChecked(config.buildService(definition)), received),
      experimental_didResolveQueryPlan({ requestContext, ...plan }) {
        const { operation } = requestContext as unknown as OperationContext;
        compiled.compile(plan as unknown as ResolvedPlan, operation);
      },
    });
    this.access = access;
    const gatewayExecutor = this.executor;
    this.executor = async (requestContext) => {
      const { document, operation, request, queryHash, context } = requestContext;
      if (!operation) return gatewayExecutor(requestContext);
      const guarded = access.decide({ document, operation, variables: request.variables, context });
      if (!guarded.document || !guarded.operation) return access.complete(guarded, { data: null });
      const { operationName, ...namelessRequest } = request;
      const answer = await gatewayExecutor({
        ...requestContext,
        document: toNamelessDocument(guarded.document, guarded.operation),
        operation: guarded.operation,
        request: namelessRequest,
        queryHash: planKey(queryHash, operationName, guarded.key),
      });
      return access.complete(guarded, answer);
    };
    const listener = {
      async responseForOperation(requestContext: OperationContext) {
        const { schema, document, request, contextValue } = requestContext;
        const guarded = access.decide({
          document,
          operation: requestContext.operation,
          variables: request.variables,
          context: contextValue,
        });
        if (!guarded.operation) return respond(access.complete(guarded, { data: null }));
        // The guard gives the same node to all callers with the same denials.
        const operation = compiled.get(schema, guarded.operation);
        if (!operation) return null;
        const answers = await Promise.all(operation.fetches.map((fetch) => runFetch(fetch, requestContext)));
        const data = projectAnswers(operation, answers);
        if (data) return respond(access.complete(guarded, { data }));
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

/**
 * The key under which the gateway stores a plan. Several operations in one document need several plans, and so do callers
 * who may run different parts of one operation.
 */
const planKey = (queryHash: string, operationName: string | undefined, guardKey: string): string =>
  operationName === undefined && guardKey === ''
    ? queryHash
    : hash('sha256', JSON.stringify([queryHash, operationName, guardKey]), 'hex');

const respond = (singleResult: Answer) => ({
  http: { headers: new HeaderMap() },
  body: { kind: 'single' as const, singleResult },
});

function runFetch(
  { dataSource, query, variableNames }: CompiledFetch,
  requestContext: OperationContext,
): Promise<Answer> {
  const requestVariables = requestContext.request.variables ?? {};
  const variables: Record<string, unknown> = {};
  for (const name of variableNames)
    if (requestVariables[name] !== undefined && Object.hasOwn(requestVariables, name))
      setOwn(variables, name, requestVariables[name]);
  return dataSource.process({
    request: { query, variables },
    incomingRequestContext: requestContext,
    context: requestContext.contextValue,
  } as unknown as Parameters<Process>[0]);
}

/** @returns undefined if the gateway's own executor has to read the answers */
function projectAnswers(
  { project }: CompiledOperation,
  answers: readonly Answer[],
): Record<string, unknown> | undefined {
  if (answers.some(({ data, errors }) => errors || !data)) return undefined;
  try {
    return project(answers.map(({ data }) => data as Record<string, unknown>));
  } catch (error) {
    if (error instanceof IrregularAnswerError) return undefined;
    throw error;
  }
}

/** For a caller that got past the types: nothing after the data source checks an answer. */
function requireChecked(dataSource: SubgraphDataSource): SubgraphDataSource {
  if (dataSource instanceof SubgraphDataSource) return dataSource;
  throw new TypeError('the data source of a subgraph is not a SubgraphDataSource: nothing would check its answers');
}

/** Wraps a data source. A fetch gets the answer that its request already received, if there is one. */
function replayReceivedAnswers(dataSource: SubgraphDataSource, received: ReceivedAnswers): GraphQLDataSource {
  const replaying: GraphQLDataSource = {
    process(options) {
      const replayed = received
        .get(options.context)
        ?.find((fetch) => fetch.dataSource === replaying && fetch.query === options.request.query);
      return replayed ? Promise.resolve(replayed.answer) : dataSource.process(options as never);
    },
  };
  return replaying;
}
