import { ApolloServer } from '@apollo/server';
import { type Service, serviceNames, services } from '@pessoa/domain/services';
import { factsPlugin } from '@pessoa/service/graphql/facts-plugin';
import { operationNamer } from '@pessoa/service/graphql/operation-name';
import { mountGraphql } from '@pessoa/service/http/graphql-endpoint';
import { createHttpService } from '@pessoa/service/http/http-service';
import type { RequestContext } from '@pessoa/service/http/request-context';
import { checkHeaders } from '@pessoa/service/http/request-faults';
import type { Viewer } from '@pessoa/service/identity/viewer';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { createGateway } from '../../src/execution/gateway.ts';
import type { FetchContext } from '../../src/execution/fetch-context.ts';
import { routerPipeline } from '../../src/execution/router-pipeline.ts';
import { createTransport, type Transport } from '../../src/transport/transport.ts';
import { NO_HEADERS, NOBODY } from './router-under-test.ts';
import { startSubgraph } from './subgraphs.ts';
import { composeSupergraph } from './supergraph.ts';

export interface ServedRouter {
  /** The GraphQL endpoint. */
  readonly url: string;
  /** The logged warnings and errors. */
  complaints(): string[];
  close(): Promise<void>;
}

/** Serves the router over HTTP, with three subgraphs of the real SDL. It accepts every caller, without a token. */
export async function serveRouter(): Promise<ServedRouter> {
  const { logger, lines } = testLog({ level: 'warn' });
  const supergraphSdl = composeSupergraph();
  const subgraphs = await Promise.all(serviceNames.map(async (name) => [name, await startSubgraph(name)] as const));
  const transports = Object.fromEntries(
    subgraphs.map(([name, { url }]) => [
      name,
      createTransport({ url, fonte: services[name], timeoutMillis: 20_000, connections: 16 }),
    ]),
  ) as Record<Service, Transport>;
  const logError = (message: unknown): void => logger.error(String(message));
  const gateway = createGateway({
    callerOf: () => NOBODY,
    supergraphSdl,
    transports,
    logger: { debug() {}, info() {}, warn: logError, error: logError },
    onLostSource: (error) => logger.error({ err: error }, 'lost source'),
  });
  const nameOf = operationNamer(Buffer.alloc(32, 1));
  const { serverOptions, known } = routerPipeline<FetchContext & RequestContext>({
    gateway,
    supergraphSdl,
    introspection: true,
    maxCost: 10_000,
    nameOf,
    plugins: [factsPlugin(logger, nameOf)],
  });
  const server = new ApolloServer<FetchContext & RequestContext>({
    ...serverOptions,
    logger: { debug() {}, info() {}, warn: logError, error: logError },
  });
  await server.start();
  const { app } = createHttpService({ logger });
  mountGraphql<FetchContext & RequestContext>(app, {
    withGraph: (_facts, work) =>
      work({ server, answerKnown: (request, context, takesText) => known!.answer(request, context, takesText) }),
    authenticate: async (request) => {
      checkHeaders(request);
      return { finalidade: 'COBRANCA' } as unknown as Viewer;
    },
    contextOf: (viewer, { facts }) => ({ viewer, facts, forwardedHeaders: NO_HEADERS }),
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url: `${address}/graphql`,
    complaints: lines,
    async close() {
      await app.close();
      await server.stop();
      await Promise.all(
        [...Object.values(transports), ...subgraphs.map(([, subgraph]) => subgraph)].map((resource) =>
          resource.close(),
        ),
      );
    },
  };
}
