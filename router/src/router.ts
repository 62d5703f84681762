import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { type AuditLog, postgresAuditLog } from '@pessoa/audit/audit-log';
import { auditPlugin } from '@pessoa/audit/audit-plugin';
import { openAuditWriters } from '@pessoa/audit/audit-pool';
import { checkAudit } from '@pessoa/audit/start-check';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { systemClock } from '@pessoa/domain/data';
import { restRoutes } from '@pessoa/rest/routes';
import { warnOfUnencrypted } from '@pessoa/service/config/environment';
import { factsPlugin } from '@pessoa/service/graphql/facts-plugin';
import { operationNamer } from '@pessoa/service/graphql/operation-name';
import { ANSWER_HEADERS, PRODUCTION_HEADERS } from '@pessoa/service/http/answer-headers';
import { countConnections } from '@pessoa/service/http/connection-metrics';
import { mountGraphql } from '@pessoa/service/http/graphql-endpoint';
import { mountHealth } from '@pessoa/service/http/health';
import { createHttpService } from '@pessoa/service/http/http-service';
import { mountRest } from '@pessoa/service/http/rest-endpoint';
import { authenticator } from '@pessoa/service/identity/authentication';
import { createIdentityVerifier, warnOfMissingKeys } from '@pessoa/service/identity/verifier';
import { type Logger, warningsOnly } from '@pessoa/service/logging/logger';
import { createMetrics, serveMetrics } from '@pessoa/service/metrics/metrics';
import type { RunningService } from '@pessoa/service/processes/process';
import { ViewerCaller } from './authorization/viewer-caller.ts';
import type { RouterConfig } from './config.ts';
import { createGateway } from './execution/gateway.ts';
import { routerServerOptions } from './execution/router-server-options.ts';
import { logLostSources } from './execution/subgraph-data-source.ts';
import { sandboxOrigins } from './explorer/sandbox-page.ts';
import { mountPages } from './pages/pages.ts';
import { contextFactory, type RouterContext } from './router-context.ts';
import { routerHealth } from './router-health.ts';
import { openTransports } from './transport/open-transports.ts';

const SUPERGRAPH = new URL('../../schema/supergraph.graphql', import.meta.url);

/** Starts the public API: GraphQL and REST over the supergraph. */
export async function startRouter(
  config: RouterConfig,
  logger: Logger,
  /** Null writes no audit, for a benchmark beside a router that has none. */
  auditLog: AuditLog | null = postgresAuditLog(openAuditWriters(config.audit, 10)),
): Promise<RunningService> {
  warnOfUnencrypted(config, logger);
  if (auditLog) await checkAudit('router', auditLog, logger);
  const verifier = createIdentityVerifier(config);
  void warnOfMissingKeys(verifier, logger);
  const cpfHash = cpfHasher(config.cpfHashKey);
  const transports = openTransports(config);
  const supergraphSdl = readFileSync(SUPERGRAPH, 'utf8');
  const viewerRules = { clock: systemClock, courtOrderClients: config.courtOrderClients };
  const gateway = createGateway({
    supergraphSdl,
    callerOf: ({ viewer }: RouterContext) => new ViewerCaller(viewer, viewerRules),
    transports,
    logger: warningsOnly(logger),
    onLostSource: logLostSources(logger),
  });
  const server = new ApolloServer<RouterContext>(
    routerServerOptions<RouterContext>({
      gateway,
      supergraphSdl,
      introspection: config.allowsIntrospection,
      plugins: [
        factsPlugin(logger, operationNamer(config.cpfHashKey)),
        ...(auditLog ? [auditPlugin({ auditLog, servico: 'router', cpfHash, clock: systemClock, logger })] : []),
      ],
    }),
  );
  await server.start();

  const metrics = createMetrics('router');
  const httpService = createHttpService({
    logger,
    maxConnections: config.maxConnections,
    times: config.httpTimes ?? {},
    corsOrigins: new Set([...config.corsOrigins, ...sandboxOrigins(config.explorer)]),
    headers: config.isDevelopment ? ANSWER_HEADERS : PRODUCTION_HEADERS,
  });
  countConnections(httpService.app.server, metrics);
  const { app } = httpService;
  const endpoint = { server, authenticate: authenticator(verifier), contextOf: contextFactory(config) };
  mountGraphql(app, endpoint);
  mountRest(app, { ...endpoint, routes: restRoutes });
  await mountPages(app, config.explorer);
  mountHealth(app, { isDraining: httpService.isDraining, ...routerHealth(config.subgraphs, transports, verifier) });
  const metricsServer = await serveMetrics(metrics, config.metricsAddress, logger);
  const url = await app.listen({ host: config.host, port: config.port });
  return {
    logger,
    url,
    metricsUrl: metricsServer.url,
    async close() {
      await httpService.drain();
      await metricsServer.close();
      await server.stop();
      await Promise.all([...Object.values(transports).map((transport) => transport.close()), auditLog?.close()]);
    },
  };
}
