import { openAuditWriters } from '@pessoa/audit/audit-pool';
import { checkAudit } from '@pessoa/audit/check-audit';
import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { warnOfUnencrypted } from '@pessoa/service/config/environment';
import { type AuditLog, postgresAuditLog } from '@pessoa/audit/audit-log';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { systemClock } from '@pessoa/domain/data';
import { type PerService, perService, type Service, serviceNames, services } from '@pessoa/domain/services';
import { auditPlugin } from '@pessoa/audit/audit-plugin';
import { factsPlugin } from '@pessoa/service/graphql/facts-plugin';
import { ANSWER_HEADERS, PRODUCTION_HEADERS } from '@pessoa/service/http/answer-headers';
import { operationNamer } from '@pessoa/service/graphql/operation-name';
import { authenticator } from '@pessoa/service/identity/authentication';
import { mountGraphql } from '@pessoa/service/http/graphql-endpoint';
import { mountHealth } from '@pessoa/service/http/health';
import { onceASecond } from '@pessoa/service/http/once-a-second';
import { createHttpService } from '@pessoa/service/http/http-service';
import type { RequestContext } from '@pessoa/service/http/request-context';
import { mountRest } from '@pessoa/service/http/rest-endpoint';
import { INTERNAL_IDENTITY_HEADER, internalIdentitySigner } from '@pessoa/service/identity/internal-identity';
import type { Logger } from '@pessoa/service/logging/logger';
import { createMetrics, serveMetrics } from '@pessoa/service/metrics/metrics';
import { countConnections } from '@pessoa/service/http/connection-metrics';
import type { RunningService } from '@pessoa/service/processes/process';
import { createIdentityVerifier } from '@pessoa/service/identity/verifier';
import type { Viewer } from '@pessoa/service/identity/viewer';
import { restRoutes } from '@pessoa/rest/routes';
import type { FastifyRequest } from 'fastify';
import { stripAuthorization } from 'graphql-jwt-guard';
import type { RouterConfig } from './config.ts';
import { createGateway } from './execution/gateway.ts';
import type { RouterContext } from './execution/router-context.ts';
import { routerServerOptions } from './execution/router-server-options.ts';
import { mountDocuments } from './documents.ts';
import { sandboxOrigins } from './explorer/sandbox-origins.ts';
import { mountPages } from './pages/pages.ts';
import { isSubgraphReady, sourceState } from './subgraph-health.ts';
import { createTransport, type Transport, type TransportRequest } from './transport/transport.ts';

type Context = RouterContext & RequestContext;

const SUPERGRAPH = new URL('../../schema/supergraph.graphql', import.meta.url);

/** The public door: GraphQL and REST over the composed graph, with token, limits, audit and errors of its own. */
export async function startRouter(
  config: RouterConfig,
  logger: Logger,
  /** Null, for a measurement beside a router that has no audit: nothing is written down. */
  auditLog: AuditLog | null = postgresAuditLog(openAuditWriters(config.audit, 10)),
): Promise<RunningService> {
  warnOfUnencrypted(config, logger);
  if (auditLog) await checkAudit('router', auditLog, logger);
  const verifier = createIdentityVerifier(config);
  const transports = openTransports(config);
  // The directives this takes out are enforced in the subgraphs' resolvers, which see the caller's own token.
  const { sdl: supergraphSdl } = stripAuthorization(readFileSync(SUPERGRAPH, 'utf8'));
  const gateway = createGateway({
    supergraphSdl,
    transports,
    logger: {
      debug() {},
      info() {},
      warn: (message) => logger.warn(String(message)),
      error: (message) => logger.error(String(message)),
    },
    onLostSource: (error, context) =>
      logger.warn({ interacao: context?.interactionId, codigo: error.code, fonte: error.fonte, err: error.cause }),
  });
  const server = new ApolloServer<Context>(
    routerServerOptions<Context>({
      gateway,
      supergraphSdl,
      introspection: config.introspection,
      plugins: [
        factsPlugin(logger, operationNamer(config.cpfHashKey)),
        ...(auditLog
          ? [
              auditPlugin({
                auditLog,
                servico: 'router',
                cpfHash: cpfHasher(config.cpfHashKey),
                clock: systemClock,
                logger,
              }),
            ]
          : []),
      ],
    }),
  );
  await server.start();

  const metrics = createMetrics('router');
  const http = createHttpService({
    logger,
    maxConnections: config.maxConnections,
    times: config.httpTimes ?? {},
    corsOrigins: new Set([...config.corsOrigins, ...sandboxOrigins(config.explorer)]),
    headers: config.development ? ANSWER_HEADERS : PRODUCTION_HEADERS,
  });
  countConnections(http.app.server, metrics);
  const { app } = http;
  const mounted = { server, authenticate: authenticator(verifier), contextOf: contextFactory(config) };
  mountGraphql(app, mounted);
  mountRest(app, { ...mounted, routes: restRoutes });
  mountDocuments(app);
  await mountPages(app, config.explorer);
  const seen = new Set<Service>();
  mountHealth(app, {
    isDraining: http.isDraining,
    async isReady() {
      await Promise.all(
        serviceNames.map(async (name) => (await isSubgraphReady(config.subgraphs[name].url)) && seen.add(name)),
      );
      const keysAreRead = await verifier.ready().then(() => true, () => false); // prettier-ignore
      return keysAreRead && seen.size === serviceNames.length;
    },
    sources: onceASecond(async () =>
      Object.fromEntries(
        await Promise.all(
          serviceNames.map(async (name) => [
            services[name],
            await sourceState(config.subgraphs[name].url, transports[name]),
          ]),
        ),
      ),
    ),
  });
  const served = await serveMetrics(metrics, config.metricsAddress, logger);
  const url = await app.listen({ host: config.host, port: config.port });
  return {
    logger,
    url,
    metricsUrl: served.url,
    async close() {
      await http.drain();
      await served.close();
      await server.stop();
      await Promise.all([...Object.values(transports).map((transport) => transport.close()), auditLog?.close()]);
    },
  };
}

function openTransports({ subgraphs, subgraphConnections, internalKey }: RouterConfig): PerService<Transport> {
  const identityFor = internalIdentitySigner(internalKey, systemClock);
  const signerOf = (subgraph: Service) => {
    const { pathname, search } = new URL(subgraphs[subgraph].url);
    return ({ headers, body }: TransportRequest): Record<string, string> => {
      const { authorization = '', 'x-finalidade': finalidade = '' } = headers;
      const call = { subgraph, method: 'POST', path: pathname + search, authorization, finalidade };
      return { [INTERNAL_IDENTITY_HEADER]: identityFor(call, body) };
    };
  };
  const open = (name: Service): Transport =>
    createTransport({
      ...subgraphs[name],
      fonte: services[name],
      connections: subgraphConnections,
      sign: signerOf(name),
    });
  return perService(open);
}

const contextFactory =
  ({ requestTimeoutMillis }: RouterConfig) =>
  (viewer: Viewer, { headers, facts }: FastifyRequest): Context => ({
    viewer,
    facts,
    interactionId: facts.interacao,
    endsAt: performance.now() + requestTimeoutMillis,
    forward: {
      authorization: headers.authorization ?? '',
      'x-fapi-interaction-id': facts.interacao,
      ...(typeof headers['x-finalidade'] === 'string' && { 'x-finalidade': headers['x-finalidade'] }),
    },
  });
