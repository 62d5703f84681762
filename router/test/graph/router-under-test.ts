import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import type { PublicError } from '@pessoa/domain/errors';
import { type Service, services } from '@pessoa/domain/services';
import { scanForLeaks } from '@pessoa/testkit/leaks';
import type { GraphQLFormattedError } from 'graphql';
import { createGateway } from '../../src/execution/gateway.ts';
import type { ForwardedHeaders, FetchContext } from '../../src/execution/fetch-context.ts';
import { routerServerOptions } from '../../src/execution/router-server-options.ts';
import { createSubgraphDataSource } from '../../src/execution/subgraph-data-source.ts';
import { createTransport, type Transport, type TransportOptions } from '../../src/transport/transport.ts';

/** Of a request whose headers no subgraph reads. */
export const NO_HEADERS: ForwardedHeaders = { authorization: '', 'x-fapi-interaction-id': 'test' };

export interface GraphqlAnswer {
  readonly status: number;
  readonly data: unknown;
  readonly errors: readonly GraphQLFormattedError[];
  readonly extensions: unknown;
  /** The body as sent. */
  readonly text: string;
}

export interface RouterUnderTest {
  ask(query: string, variables?: Record<string, unknown>, more?: object): Promise<GraphqlAnswer>;
  post(body: unknown, headers?: Record<string, string>): Promise<GraphqlAnswer>;
  readonly transports: Record<Service, Transport>;
  /** Everything reported as a lost source. */
  readonly losses: PublicError[];
  /** Operations that @apollo/gateway's own executor has run. */
  readonly executorRuns: () => number;
  close(): Promise<void>;
}

export interface RouterSettings {
  readonly context?: Partial<FetchContext>;
  readonly transport?: Partial<TransportOptions>;
  /** For Score alone, the source that tests break: a short time for all would be the others' too, on a busy machine. */
  readonly scoreTransport?: Partial<TransportOptions>;
  readonly introspection?: boolean;
  readonly plugins?: readonly ApolloServerPlugin<FetchContext>[];
  /** `@apollo/gateway` as it is, over the same data sources: what ours must not differ from. Default false. */
  readonly plainGateway?: boolean;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** The real Apollo Server and gateway over our own transport and data source. */
export async function startRouter(
  supergraphSdl: string,
  urls: Record<Service, string>,
  settings: RouterSettings = {},
): Promise<RouterUnderTest> {
  const open = (name: Service): Transport =>
    createTransport({
      url: urls[name],
      fonte: services[name],
      timeoutMillis: 10_000,
      connections: 16,
      ...settings.transport,
      ...(name === 'score' && settings.scoreTransport),
    });
  const transports = { debt: open('debt'), score: open('score'), event: open('event') };
  const losses: PublicError[] = [];
  const onLostSource = (error: PublicError): void => void losses.push(error);
  const gateway = settings.plainGateway
    ? new ApolloGateway({
        supergraphSdl,
        buildService: ({ name }) => createSubgraphDataSource(transports[name as Service], onLostSource),
        logger: silent,
      })
    : createGateway({ supergraphSdl, transports, onLostSource, logger: silent });
  const stockRuns = countExecutorRuns(gateway);
  const server = new ApolloServer<FetchContext>({
    ...routerServerOptions<FetchContext>({
      gateway,
      supergraphSdl,
      introspection: settings.introspection ?? true,
      plugins: settings.plugins ?? [],
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
    if (answer.body.kind !== 'complete') throw new Error('not a whole answer');
    scanForLeaks(answer.body.string);
    const { data, errors = [], extensions } = JSON.parse(answer.body.string);
    return { status: answer.status ?? 200, data, errors, extensions, text: answer.body.string };
  }

  return {
    post,
    ask: (query, variables, more) => post({ query, variables, ...more }),
    transports,
    losses,
    executorRuns: stockRuns,
    async close() {
      await server.stop();
      await Promise.all(Object.values(transports).map((transport) => transport.close()));
    },
  };
}

/** Its own executor begins every operation by checking the variables; nothing else does so. */
function countExecutorRuns(gateway: ApolloGateway): () => number {
  let runs = 0;
  const inner = gateway as unknown as { validateIncomingRequest(...given: unknown[]): unknown };
  const validate = inner.validateIncomingRequest.bind(gateway);
  inner.validateIncomingRequest = (...given) => {
    runs++;
    return validate(...given);
  };
  return () => runs;
}
