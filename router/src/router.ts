import { type AuditLog, postgresAuditLog } from '@pessoa/audit/audit-log';
import { openAuditWriters } from '@pessoa/audit/audit-pool';
import { checkAudit } from '@pessoa/audit/start-check';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { restRoutes } from '@pessoa/rest/routes';
import { warnOfUnencrypted } from '@pessoa/service/config/environment';
import { ANSWER_HEADERS, PRODUCTION_HEADERS } from '@pessoa/service/http/answer-headers';
import { countConnections } from '@pessoa/service/http/connection-metrics';
import { mountGraphql } from '@pessoa/service/http/graphql-endpoint';
import { mountHealth } from '@pessoa/service/http/health';
import { createHttpService } from '@pessoa/service/http/http-service';
import { mountRest } from '@pessoa/service/http/rest-endpoint';
import { authenticator } from '@pessoa/service/identity/authentication';
import { requestProofReader } from '@pessoa/service/identity/request-proofs';
import { openProofMemory } from '@pessoa/service/identity/open-proof-memory';
import { createIdentityVerifier, warnOfMissingKeys } from '@pessoa/service/identity/verifier';
import { watchInvalidCpfs } from '@pessoa/service/limits/enumeration-plugin';
import { warnOfLostNames } from '@pessoa/service/logging/lost-statement-names';
import { openClientLimits } from '@pessoa/service/limits/open-client-limits';
import { addRateLimitHeaders } from '@pessoa/service/limits/rate-limit-headers';
import type { Logger } from '@pessoa/service/logging/logger';
import { createMetrics, serveMetrics } from '@pessoa/service/metrics/metrics';
import type { RunningService } from '@pessoa/service/processes/process';
import type { RouterConfig } from './config.ts';
import { createGraphServer } from './execution/graph-server.ts';
import { clientTurnHook } from './limits/client-turn-hook.ts';
import { sandboxOrigins } from './explorer/sandbox-page.ts';
import { mountPages } from './pages/pages.ts';
import { persistedOperationsCheck } from './persisted-operations/persisted-operations-check.ts';
import { readPersistedOperations, toManifestFault } from './persisted-operations/read-persisted-operations.ts';
import { contextFactory } from './router-context.ts';
import { routerHealth } from './router-health.ts';
import { openTransports } from './transport/open-transports.ts';

/** Starts the public API: GraphQL and REST over the supergraph. */
export async function startRouter(
  config: RouterConfig,
  logger: Logger,
  /** Null writes no audit, for a benchmark beside a router that has none. */
  auditLog: AuditLog | null = postgresAuditLog(
    openAuditWriters(config.audit, 10),
    warnOfLostNames(logger, 'auditoria'),
  ),
): Promise<RunningService> {
  warnOfUnencrypted(config, logger);
  if (auditLog) await checkAudit('router', auditLog, logger);
  const metrics = createMetrics('router');
  const proofs = openProofMemory(config, { metrics, logger });
  const verifier = createIdentityVerifier(config, proofs);
  void warnOfMissingKeys(config, verifier, logger);
  const cpfHash = cpfHasher(config.cpfHashKey);
  const transports = openTransports(config);
  const limits = openClientLimits(config.rateLimits, { ...config, cpfHash, metrics, logger });
  const persistedOperations = readPersistedOperations(config);
  const server = createGraphServer(config, { transports, limits, persistedOperations, auditLog, cpfHash, logger });
  await server.start().catch(toManifestFault);

  const httpService = createHttpService({
    logger,
    maxConnections: config.maxConnections,
    times: config.httpTimes ?? {},
    corsOrigins: new Set([...config.corsOrigins, ...sandboxOrigins(config.explorer)]),
    headers: config.isDevelopment ? ANSWER_HEADERS : PRODUCTION_HEADERS,
  });
  countConnections(httpService.app.server, metrics);
  const { app } = httpService;
  addRateLimitHeaders(app, limits.quotas);
  watchInvalidCpfs(app, limits.watch);
  const endpoint = {
    server,
    authenticate: authenticator(verifier, requestProofReader(config.jwt), limits.admitRequest),
    contextOf: contextFactory(config),
    takeTurn: clientTurnHook(limits, metrics),
  };
  mountGraphql(app, {
    ...endpoint,
    checkPersisted: persistedOperationsCheck(config.persistedOperations.mode, persistedOperations),
  });
  mountRest(app, { ...endpoint, routes: restRoutes, toRequest: persistedOperations.toRequest });
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
      await Promise.all([
        ...Object.values(transports).map((transport) => transport.close()),
        auditLog?.close(),
        limits.close(),
        proofs.close(),
      ]);
    },
  };
}
