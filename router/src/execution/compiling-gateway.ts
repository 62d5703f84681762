import { hash } from 'node:crypto';
import {
  ApolloGateway,
  type GatewayConfig,
  type GraphQLDataSource,
  type ServiceEndpointDefinition,
} from '@apollo/gateway';
import { type BaseContext, type GraphQLRequestContextResponseForOperation, HeaderMap } from '@apollo/server';
import { type ConstantPlugin, constantPlugin } from '@pessoa/service/graphql/constant-plugin';
import { parsedValue } from '@pessoa/service/graphql/json-text';
import type { OperationWay } from '@pessoa/service/http/request-facts';
import type { OperationDefinitionNode } from 'graphql';
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
/** The part of it that the compiled execution needs. */
type CheckedRequest = Pick<OperationContext, 'schema' | 'document' | 'operation' | 'contextValue'> & {
  readonly request: Pick<OperationContext['request'], 'variables'>;
};
type Process = GraphQLDataSource<Record<string, unknown>>['process'];
type Answer = Awaited<ReturnType<Process>>;

type CompilingGatewayConfig = {
  readonly buildService: (definition: ServiceEndpointDefinition) => SubgraphDataSource;
} & GatewayConfig;

/**
 * In the context of a request: the answers that it received, each with the data source and the query of its fetch. The gateway
 * passes the context on to data sources. Without them, the fetches would be sent again.
 */
const RECEIVED = Symbol('received answers');
interface ReceivingContext {
  readonly facts?: { way?: OperationWay };
  [RECEIVED]?: readonly { dataSource: unknown; query: string; answer: Answer }[];
}

/** In the context of an operation that is planned and not run. */
const PREPARING = Symbol('preparing');

/** A private step of the gateway. It is skipped for an operation that is not run, which has no variables of a client. */
interface VariableCheck {
  validateIncomingRequest(request: { context: object }, operation: unknown): readonly unknown[];
}

/**
 * The gateway of Apollo, with a compiled execution for operations whose plan is one round of independent fetches. Nearly
 * every request has such an operation. The gateway's own executor rebuilds the operation and the answer on every
 * request.
 *
 * The gateway's own executor runs an operation at its first two uses: a compiled operation belongs to a parsed
 * document, and Apollo Server keeps a document from its second use on. It also runs if an answer has an error or an
 * irregular form. It then gets the answers that the compiled execution received: no fetch is sent twice, and the gateway's code
 * makes the errors.
 *
 * The compiled execution does not check variables. The server over this gateway must check them first (`RequestLimits`).
 */
export class CompilingGateway extends ApolloGateway {
  /**
   * The compiled execution. On the server that uses this gateway, no plugin before it may answer a request. Without it, the own executor runs
   * everything.
   */
  readonly plugin: ConstantPlugin<BaseContext>;
  /** What each operation may run. */
  readonly access: OperationAccess;
  /** Plans and compiles an operation for callers who may run all of it. Sends nothing. @throws for what cannot be planned */
  readonly prepare: (
    operation: Pick<OperationContext, 'document' | 'operation'> & { readonly queryHash: string },
  ) => Promise<void>;
  readonly #compiled: CompiledOperations;

  /**
   * With another data source, which would check no answer, the gateway does not load its supergraph.
   *
   * @param access decides what each operation may run; the gateway loads the supergraph that it was made of
   */
  constructor(access: OperationAccess, config: CompilingGatewayConfig) {
    const compiled = new CompiledOperations();
    super({
      ...config,
      supergraphSdl: access.strippedSdl,
      buildService: (definition) => replayReceivedAnswers(requireChecked(config.buildService(definition))),
      experimental_didResolveQueryPlan({ requestContext, ...plan }) {
        const { operation } = requestContext as unknown as OperationContext;
        compiled.compile(plan as unknown as ResolvedPlan, operation);
      },
    });
    this.access = access;
    const gatewayExecutor = this.executor;
    const gateway = this as unknown as VariableCheck;
    const checkVariables = gateway.validateIncomingRequest.bind(this);
    gateway.validateIncomingRequest = (request, operation) =>
      PREPARING in request.context ? [] : checkVariables(request, operation);
    this.prepare = async ({ document, operation, queryHash }) => {
      const planned = {
        document: toNamelessDocument(document, operation),
        operation,
        request: { variables: falseConditions(operation) },
        queryHash: planKey(queryHash, operation, ''),
        context: { [PREPARING]: true },
      };
      await gatewayExecutor(planned as never);
      // A plan that cannot be compiled is needed again: it is stored at its second use.
      if (!compiled.get(this.schema!, operation)) await gatewayExecutor(planned as never);
    };
    this.executor = async (requestContext) => {
      const { document, operation, request, queryHash, context } = requestContext;
      noteWay(context, 'gateway');
      if (!operation) return gatewayExecutor(requestContext);
      const guarded = access.decide({ document, operation, variables: request.variables, context });
      if (!guarded.document || !guarded.operation) return access.complete(guarded, { data: null });
      const { operationName: _name, ...namelessRequest } = request;
      const answer = await gatewayExecutor({
        ...requestContext,
        document: toNamelessDocument(guarded.document, guarded.operation),
        operation: guarded.operation,
        request: namelessRequest,
        queryHash: planKey(queryHash!, operation, guarded.key),
      });
      return access.complete(guarded, answer);
    };
    this.#compiled = compiled;
    const responseForOperation = async ({ request, operation, ...rest }: OperationContext) => {
      const answer = await this.answerCompiled({ ...rest, operation, request }, false);
      if (answer) noteWay(rest.contextValue, 'compiled');
      return answer ? respond(answer) : null;
    };
    this.plugin = constantPlugin({ responseForOperation });
  }

  /**
   * The compiled execution. The check of variables must have passed.
   *
   * @param takesText whether values in the answer may be `JsonText`
   * @returns undefined if the gateway's own executor has to run the operation, in the same context
   */
  async answerCompiled(
    { schema, document, operation, request, contextValue }: CheckedRequest,
    takesText: boolean,
  ): Promise<Answer | undefined> {
    const context: ReceivingContext = contextValue;
    if (context[RECEIVED]) return undefined;
    const { access } = this;
    const guarded = access.decide({ document, operation, variables: request.variables, context });
    if (!guarded.operation) return access.complete(guarded, { data: null });
    // The guard gives the same node to all callers with the same denials.
    const compiled = this.#compiled.get(schema, guarded.operation);
    if (!compiled) return undefined;
    const checked = { schema, document, operation, request, contextValue };
    // The guard puts nulls into an answer of which it denied a part.
    const isText = takesText && !guarded.isChanged;
    const answers = await Promise.all(compiled.fetches.map((fetch) => runFetch(fetch, checked, isText)));
    const data = projectAnswers(compiled, answers);
    if (data) return access.complete(guarded, { data });
    context[RECEIVED] = compiled.fetches.map(({ dataSource, query }, index) => ({
      dataSource,
      query,
      answer: isText ? (parsedValue(answers[index]) as Answer) : answers[index]!,
    }));
    return undefined;
  }
}

function noteWay({ facts }: ReceivingContext, way: OperationWay): void {
  if (facts) facts.way = way;
}

/** Executing a plan asks for the variables of its conditions. With false, it fetches nothing behind them. */
const falseConditions = ({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, boolean> =>
  Object.fromEntries(variableDefinitions.map(({ variable }) => [variable.name.value, false]));

/**
 * The key under which the gateway stores a plan. Several operations in one document need several plans, and so do callers
 * who may run different parts of one operation.
 */
const planKey = (queryHash: string, { name }: OperationDefinitionNode, guardKey: string): string =>
  name === undefined && guardKey === ''
    ? queryHash
    : hash('sha256', JSON.stringify([queryHash, name?.value, guardKey]), 'hex');

const respond = (singleResult: Answer) => ({
  http: { headers: new HeaderMap() },
  body: { kind: 'single' as const, singleResult },
});

function runFetch(
  { dataSource, query, variableNames }: CompiledFetch,
  requestContext: CheckedRequest,
  takesText: boolean,
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
    takesText,
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
function replayReceivedAnswers(dataSource: SubgraphDataSource): GraphQLDataSource {
  const replaying: GraphQLDataSource = {
    process(options) {
      if (PREPARING in options.context) return Promise.resolve({ data: null });
      const replayed = (options.context as ReceivingContext)[RECEIVED]?.find(
        (fetch) => fetch.dataSource === replaying && fetch.query === options.request.query,
      );
      return replayed ? Promise.resolve(replayed.answer) : dataSource.process(options as never);
    },
  };
  return replaying;
}
