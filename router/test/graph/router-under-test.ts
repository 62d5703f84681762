import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer, HeaderMap } from '@apollo/server';
import type { PublicError } from '@pessoa/domain/errors';
import { type Service, services } from '@pessoa/domain/services';
import type { ConstantPlugin } from '@pessoa/service/graphql/constant-plugin';
import { toText } from '@pessoa/service/http/graphql-endpoint';
import type { AdmitOperation } from '@pessoa/service/limits/rate-limit-plugin';
import { checkParameters, type OperationParameters } from '@pessoa/service/http/graphql-parameters';
import { scanForLeaks } from '@pessoa/testkit/leaks';
import type { FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import type { Caller } from 'graphql-jwt-guard';
import { createGateway } from '../../src/execution/gateway.ts';
import type { CostContext } from '../../src/demand/demand-control.ts';
import type { ForwardedHeaders, FetchContext } from '../../src/execution/fetch-context.ts';
import type { KnownOperations } from '../../src/execution/known-operations.ts';
import { routerPipeline } from '../../src/execution/router-pipeline.ts';
import { SubgraphDataSource } from '../../src/execution/subgraph-data-source.ts';
import type { PersistedOperations } from '../../src/persisted-operations/persisted-operations.ts';
import { createTransport, type Transport, type TransportOptions } from '../../src/transport/transport.ts';

/** Headers for tests whose subgraphs do not read them. */
export const NO_HEADERS: ForwardedHeaders = { authorization: '', 'x-fapi-interaction-id': 'test' };

/** Has no rights. Most tests use a supergraph that requires none. */
export const NOBODY: Caller = { isAuthenticated: false, scopes: new Set(), policies: new Set() };

export interface GraphqlAnswer {
  readonly status: number;
  readonly data: unknown;
  readonly errors: readonly GraphQLFormattedError[];
  readonly extensions: unknown;
  readonly headers: ReadonlyMap<string, string>;
  /** The body as sent. */
  readonly body: string;
}

export interface RouterUnderTest {
  /** @param members further members of the request's body */
  ask(query: string, variables?: Record<string, unknown>, members?: object): Promise<GraphqlAnswer>;
  post(body: unknown, headers?: Record<string, string>): Promise<GraphqlAnswer>;
  readonly transports: Record<Service, Transport>;
  /** All errors that `onLostSource` got. */
  readonly losses: PublicError[];
  /** The number of operations that the own executor of @apollo/gateway ran. */
  readonly executorRuns: () => number;
  /** The number of requests that Apollo Server answered. */
  readonly serverRuns: () => number;
  /** The short way beside Apollo Server; undefined over the plain gateway. */
  readonly known: KnownOperations<FetchContext> | undefined;
  close(): Promise<void>;
}

export interface RouterSettings {
  readonly context?: Partial<FetchContext & CostContext>;
  readonly transport?: Partial<TransportOptions>;
  /**
   * Options for Score alone, the source that tests break. A short time for all would also break the others on a busy
   * machine.
   */
  readonly scoreTransport?: Partial<TransportOptions>;
  readonly introspection?: boolean;
  /** Default: that of the configuration. */
  readonly maxCost?: number;
  /** Default: every operation is admitted. */
  readonly admitOperation?: AdmitOperation<FetchContext>;
  readonly plugins?: readonly ConstantPlugin<FetchContext>[];
  /** Default: the router knows none. */
  readonly persistedOperations?: PersistedOperations;
  /** Uses `@apollo/gateway` itself over the same data sources: the router must answer the same. Default: false. */
  readonly plainGateway?: boolean;
  /** Who sends the operations. Default: `NOBODY`. */
  readonly caller?: () => Caller;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Starts Apollo Server, the gateway and our data sources over these subgraphs.
 *
 * @param sources the address of each subgraph, or a transport of the test's own
 */
export async function startRouter(
  supergraphSdl: string,
  sources: Record<Service, string | Transport>,
  settings: RouterSettings = {},
): Promise<RouterUnderTest> {
  const openTransport = (name: Service): Transport => {
    const source = sources[name];
    if (typeof source !== 'string') return source;
    return createTransport({
      url: source,
      fonte: services[name],
      timeoutMillis: 10_000,
      connections: 16,
      ...settings.transport,
      ...(name === 'score' && settings.scoreTransport),
    });
  };
  const transports = { debt: openTransport('debt'), score: openTransport('score'), event: openTransport('event') };
  const losses: PublicError[] = [];
  const onLostSource = (error: PublicError): void => void losses.push(error);
  const gateway = settings.plainGateway
    ? new ApolloGateway({
        supergraphSdl,
        buildService: ({ name }) => new SubgraphDataSource(transports[name as Service], onLostSource),
        logger: silent,
      })
    : createGateway({
        supergraphSdl,
        callerOf: () => settings.caller?.() ?? NOBODY,
        transports,
        onLostSource,
        readBeforeForm: 0,
        logger: silent,
      });
  const executorRuns = countExecutorRuns(gateway);
  let serverRuns = 0;
  const { serverOptions, known } = routerPipeline<FetchContext>({
    gateway,
    supergraphSdl,
    introspection: settings.introspection ?? true,
    maxCost: settings.maxCost ?? 10_000,
    plugins: settings.plugins ?? [],
    admitOperation: settings.admitOperation,
    ...(settings.persistedOperations && { persistedOperations: settings.persistedOperations }),
  });
  const server = new ApolloServer<FetchContext>({ ...serverOptions, logger: silent });
  await server.start();

  /** As the endpoint does: what is known is answered without Apollo Server. */
  async function answerKnown(body: unknown, context: FetchContext) {
    const asked = readParameters(body);
    const answer = asked && (await known?.answer(asked, context, true));
    if (!answer) return undefined;
    const string = toText(answer.body);
    const headers = new HeaderMap([['content-type', 'application/json; charset=utf-8'], ...(answer.headers ?? [])]);
    return {
      status: answer.status === 200 ? undefined : answer.status,
      headers,
      body: { kind: 'complete', string } as const,
    };
  }

  async function post(body: unknown, headers: Record<string, string> = {}): Promise<GraphqlAnswer> {
    const context: FetchContext = { forwardedHeaders: NO_HEADERS, ...settings.context };
    const knownAnswer =
      Object.keys(headers).length === 0 ? await answerKnown(JSON.parse(JSON.stringify(body)), context) : undefined;
    if (!knownAnswer) serverRuns++;
    const answer =
      knownAnswer ??
      (await server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: 'POST',
          headers: new HeaderMap(Object.entries({ 'content-type': 'application/json', ...headers })),
          search: '',
          body: JSON.parse(JSON.stringify(body)) as unknown,
        },
        context: async () => context,
      }));
    if (answer.body.kind !== 'complete') throw new Error('the answer is not complete');
    scanForLeaks(answer.body.string);
    const { data, errors = [], extensions } = JSON.parse(answer.body.string);
    return {
      status: answer.status ?? 200,
      data,
      errors,
      extensions,
      headers: new Map([...answer.headers].sort()),
      body: answer.body.string,
    };
  }

  return {
    post,
    ask: (query, variables, members) => post({ query, variables, ...members }),
    transports,
    losses,
    executorRuns,
    serverRuns: () => serverRuns,
    known,
    async close() {
      await server.stop();
      await Promise.all(Object.values(transports).map((transport) => transport.close()));
    },
  };
}

/** @returns undefined for what the endpoint refuses, or Apollo Server has to check */
function readParameters(body: unknown): OperationParameters | undefined {
  try {
    const parameters = checkParameters({ method: 'POST', body } as FastifyRequest);
    return parameters.query !== undefined && parameters.persistedQuery !== undefined ? undefined : parameters;
  } catch {
    return undefined;
  }
}

/** Counts calls of the gateway's check of variables. Only its own executor makes them, one for each operation. */
function countExecutorRuns(gateway: ApolloGateway): () => number {
  let runs = 0;
  const internals = gateway as unknown as { validateIncomingRequest(...args: unknown[]): unknown };
  const validate = internals.validateIncomingRequest.bind(gateway);
  internals.validateIncomingRequest = (...args) => {
    runs++;
    return validate(...args);
  };
  return () => runs;
}
