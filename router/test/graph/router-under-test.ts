import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import type { PublicError } from '@pessoa/domain/errors';
import { type Service, services } from '@pessoa/domain/services';
import { scanForLeaks } from '@pessoa/testkit/leaks';
import type { GraphQLFormattedError } from 'graphql';
import type { Caller } from 'graphql-jwt-guard';
import { createGateway } from '../../src/execution/gateway.ts';
import type { ForwardedHeaders, FetchContext } from '../../src/execution/fetch-context.ts';
import { routerServerOptions } from '../../src/execution/router-server-options.ts';
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
  close(): Promise<void>;
}

export interface RouterSettings {
  readonly context?: Partial<FetchContext>;
  readonly transport?: Partial<TransportOptions>;
  /**
   * Options for Score alone, the source that tests break. A short time for all would also break the others on a busy
   * machine.
   */
  readonly scoreTransport?: Partial<TransportOptions>;
  readonly introspection?: boolean;
  /** Default: that of the configuration. */
  readonly maxCost?: number;
  readonly plugins?: readonly ApolloServerPlugin<FetchContext>[];
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
        logger: silent,
      });
  const executorRuns = countExecutorRuns(gateway);
  const server = new ApolloServer<FetchContext>({
    ...routerServerOptions<FetchContext>({
      gateway,
      supergraphSdl,
      introspection: settings.introspection ?? true,
      maxCost: settings.maxCost ?? 10_000,
      plugins: settings.plugins ?? [],
      ...(settings.persistedOperations && { persistedOperations: settings.persistedOperations }),
    }),
    logger: silent,
  });
  await server.start();
  const context: FetchContext = { forwardedHeaders: NO_HEADERS, ...settings.context };

  async function post(body: unknown, headers: Record<string, string> = {}): Promise<GraphqlAnswer> {
    const answer = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: 'POST',
        headers: new HeaderMap(Object.entries({ 'content-type': 'application/json', ...headers })),
        search: '',
        body: JSON.parse(JSON.stringify(body)) as unknown,
      },
      context: async () => context,
    });
    if (answer.body.kind !== 'complete') throw new Error('the answer is not complete');
    scanForLeaks(answer.body.string);
    const { data, errors = [], extensions } = JSON.parse(answer.body.string);
    return {
      status: answer.status ?? 200,
      data,
      errors,
      extensions,
      headers: answer.headers,
      body: answer.body.string,
    };
  }

  return {
    post,
    ask: (query, variables, members) => post({ query, variables, ...members }),
    transports,
    losses,
    executorRuns,
    async close() {
      await server.stop();
      await Promise.all(Object.values(transports).map((transport) => transport.close()));
    },
  };
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
