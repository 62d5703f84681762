import { type AuditLog, openAuditLog } from '@pessoa/audit/audit-log';
import { openAuditorClient } from '@pessoa/audit/auditor-client';
import { checkAudit } from '@pessoa/audit/start-check';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import type { PerService } from '@pessoa/domain/services';
import { warnOfUnencrypted } from '@pessoa/service/config/environment';
import type { FetchHandler } from '@pessoa/service/graphql/router-fetch';
import { ANSWER_HEADERS, PRODUCTION_HEADERS } from '@pessoa/service/http/answer-headers';
import { countConnections } from '@pessoa/service/http/connection-metrics';
import { mountHealth } from '@pessoa/service/http/health';
import { createHttpService } from '@pessoa/service/http/http-service';
import { openProofMemory } from '@pessoa/service/identity/open-proof-memory';
import { createIdentityVerifier, warnOfMissingKeys } from '@pessoa/service/identity/verifier';
import { watchInvalidCpfs } from '@pessoa/service/limits/enumeration-plugin';
import { warnOfLostNames } from '@pessoa/service/logging/lost-statement-names';
import { openClientLimits } from '@pessoa/service/limits/open-client-limits';
import { addRateLimitHeaders } from '@pessoa/service/limits/rate-limit-headers';
import type { Logger } from '@pessoa/service/logging/logger';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { serveMetrics } from '@pessoa/service/metrics/metrics-server';
import { requestMetrics } from '@pessoa/service/metrics/request-metrics';
import type { RunningService } from '@pessoa/service/processes/process';
import type { RouterConfig } from './config.ts';
import { mountDoors } from './doors.ts';
import { clientTurnHook } from './limits/client-turn-hook.ts';
import { openRoom } from './limits/room.ts';
import { sandboxOrigins } from './explorer/sandbox-page.ts';
import { routerHealth } from './router-health.ts';
import { openServedGraph } from './supergraph/served-graph.ts';
import { callMetrics } from './transport/call-metrics.ts';
import { localTransports, openTransports } from './transport/open-transports.ts';

export interface RouterParts {
  /** Null writes no audit, for a benchmark beside a router that has none. Default: the audit of the configuration. */
  readonly auditLog?: AuditLog | null;
  /** Subgraphs of this process. Default: the router asks those of the configuration over HTTP. */
  readonly fetchHandlers?: PerService<FetchHandler>;
}

/** Starts the public API: GraphQL and REST over the supergraph. */
export async function startRouter(
  config: RouterConfig,
  logger: Logger,
  parts: RouterParts = {},
): Promise<RunningService> {
  const metrics = createMetrics('router');
  const { auditLog = openAuditLog(config.audit, warnOfLostNames(logger, 'auditoria'), metrics), fetchHandlers } = parts;
  warnOfUnencrypted(config, logger);
  if (auditLog) await checkAudit('router', auditLog, logger);
  const proofs = openProofMemory(config, { metrics, logger });
  const verifier = createIdentityVerifier(config, proofs);
  void warnOfMissingKeys(config, verifier, logger);
  const cpfHash = cpfHasher(config.cpfHashKey);
  const isMeasured = config.metricsAddress !== undefined;
  const observers = isMeasured ? callMetrics(metrics) : undefined;
  const transports = fetchHandlers
    ? localTransports(fetchHandlers, config, observers)
    : openTransports(config, observers);
  const limits = openClientLimits(config.rateLimits, { ...config, cpfHash, metrics, logger });
  const room = openRoom(metrics);
  const graph = await openServedGraph(config, { transports, limits, room, auditLog, metrics, logger });
  const httpService = createHttpService({
    logger,
    ...(isMeasured && { metrics: requestMetrics(metrics, config.metricsClients) }),
    tracedAs: 'router',
    maxConnections: config.maxConnections,
    times: config.httpTimes ?? {},
    corsOrigins: new Set([...config.corsOrigins, ...sandboxOrigins(config.explorer)]),
    headers: config.isDevelopment ? ANSWER_HEADERS : PRODUCTION_HEADERS,
  });
  countConnections(httpService.app.server, metrics, config.maxConnections);
  const { app } = httpService;
  addRateLimitHeaders(app, limits.quotas);
  watchInvalidCpfs(app, limits.watch);
  const auditor =
    config.auditorUrl === undefined ? undefined : openAuditorClient(config.auditorUrl, config.internalKey);
  await mountDoors(app, config, {
    withGraph: (facts, work) => room.run(facts, () => graph.use(work)),
    verifier,
    admitRequest: limits.admitRequest,
    auditor,
    takeTurn: clientTurnHook(limits, metrics),
  });
  mountHealth(app, { isDraining: httpService.isDraining, ...routerHealth(config.subgraphs, transports, verifier) });
  const metricsServer = await serveMetrics(metrics, config.metricsAddress, logger);
  const url = await app.listen({ host: config.host, port: config.port });
  return {
    logger,
    url,
    retire: () => httpService.retire(),
    metricsUrl: metricsServer.url,
    async close() {
      await httpService.drain();
      await metricsServer.close();
      await graph.close();
      await Promise.all(Object.values(transports).map((transport) => transport.close()));
      await Promise.all([auditLog?.close(), auditor?.close(), limits.close(), proofs.close()]);
    },
  };
}
