import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { postgresAuditLog } from '@pessoa/audit/audit-log';
import { auditPlugin } from '@pessoa/audit/audit-plugin';
import { openAuditWriters } from '@pessoa/audit/audit-pool';
import { checkAudit } from '@pessoa/audit/start-check';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { type Clock, systemClock } from '@pessoa/domain/data';
import { type Service, services } from '@pessoa/domain/services';
import { restRoutes } from '@pessoa/rest/routes';
import { type CommonConfig, warnOfUnencrypted } from '@pessoa/service/config/environment';
import { documentLimitOptions, fetchLimits } from '@pessoa/service/graphql/document-limits';
import { documentStore } from '@pessoa/service/graphql/document-store';
import { factsPlugin } from '@pessoa/service/graphql/facts-plugin';
import { formatError } from '@pessoa/service/graphql/format-error';
import { operationNamer } from '@pessoa/service/graphql/operation-name';
import { countConnections } from '@pessoa/service/http/connection-metrics';
import { mountGraphql } from '@pessoa/service/http/graphql-endpoint';
import { mountHealth } from '@pessoa/service/http/health';
import { createHttpService } from '@pessoa/service/http/http-service';
import { internalCallersOnly } from '@pessoa/service/http/internal-caller';
import type { RequestContext } from '@pessoa/service/http/request-context';
import { mountRest } from '@pessoa/service/http/rest-endpoint';
import { authenticator } from '@pessoa/service/identity/authentication';
import { createIdentityVerifier, warnOfMissingKeys } from '@pessoa/service/identity/verifier';
import type { Viewer } from '@pessoa/service/identity/viewer';
import { type Logger, warningsOnly } from '@pessoa/service/logging/logger';
import { type Metrics, type MetricsAddress, serveMetrics } from '@pessoa/service/metrics/metrics';
import type { RunningService } from '@pessoa/service/processes/process';
import type { SourceState } from '@pessoa/service/resilience/breaker';
import type { FastifyRequest } from 'fastify';
import type { DocumentNode } from 'graphql';
import type { Base } from './base/base.ts';
import type { SourceGuard } from './base/source-guard.ts';
import { checkContract, isBaseReady } from './base/start-check.ts';
import { guardedSchema } from './graphql/guarded-schema.ts';
import { rowFaultsPlugin } from './graphql/row-faults-plugin.ts';

/** What every resolver of a subgraph gets. */
export interface SubgraphContext<Reads> extends RequestContext {
  /** Reads and the like, made for this request alone: shared ones would mix two callers' data. */
  readonly reads: Reads;
  /** Then the router writes the read down; what comes by REST is written down here. */
  readonly askedByRouter: boolean;
}

type ServedBase = Pick<Base<never>, 'missing' | 'missingIndexes' | 'warm' | 'state' | 'close'>;

interface Closable {
  close(): Promise<unknown>;
}

export interface SubgraphOptions<Reads> {
  readonly name: Service;
  /** The SDL's types whose values are as the base has them; those of the others we make. */
  readonly rowTypes: ReadonlySet<string>;
  readonly config: CommonConfig & { readonly port: number; readonly metricsAddress: MetricsAddress | undefined };
  readonly typeDefs: DocumentNode;
  readonly resolvers: object;
  readonly clock?: Clock;
  readonly logger: Logger;
  /** Made anew for each request. */
  readonly readsFor: (viewer: Viewer) => Reads;
  readonly base: ServedBase;
  /** What else answers come from: the service is degraded while one of them is not well. Default: nothing. */
  readonly sources?: readonly Pick<SourceGuard, 'state'>[];
  /** What ends with the service, beside its base: caches, an index. Default: nothing. */
  readonly closing?: readonly (Closable | undefined)[];
  readonly metrics: Metrics;
}

/** The router writes out what stands in a fragment wherever it is spread: up to sixteen times its 100 KB. */
const FETCH_BYTES_MAX = 2 * 1024 * 1024;

/** Serves one subgraph: GraphQL and its REST routes, token, purpose, directives, audit, health. */
export async function serveSubgraph<Reads>(options: SubgraphOptions<Reads>): Promise<RunningService> {
  const { name, config, logger, clock = systemClock } = options;
  const fonte = services[name];
  const closeAll = () => Promise.all([options.base, ...(options.closing ?? [])].map((one) => one?.close()));
  const orClose = (check: Promise<void>): Promise<void> =>
    check.catch(async (error: unknown) => {
      await closeAll();
      throw error;
    });
  warnOfUnencrypted(config, logger);
  await orClose(checkContract(name, options.base, logger));
  const verifier = createIdentityVerifier(config);
  void warnOfMissingKeys(verifier, logger);
  const cpfHash = cpfHasher(config.cpfHashKey);
  const auditLog = postgresAuditLog(openAuditWriters(config.audit, 4));
  await orClose(checkAudit(name, auditLog, logger));
  const http = createHttpService({
    logger,
    maxConnections: config.maxConnections,
    bodyLimitBytes: FETCH_BYTES_MAX,
    times: config.httpTimes ?? {},
  });
  const { app } = http;
  const server = new ApolloServer<SubgraphContext<Reads>>({
    schema: guardedSchema({ ...options, clock }),
    introspection: config.introspection,
    ...documentLimitOptions(fetchLimits),
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    documentStore: documentStore(),
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    formatError,
    logger: warningsOnly(logger),
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      rowFaultsPlugin({ fonte, rowTypes: options.rowTypes, logger }), // before the facts, which log what is left as a bug
      factsPlugin(logger, operationNamer(config.cpfHashKey)),
      auditPlugin({
        auditLog,
        servico: name,
        cpfHash,
        clock,
        logger,
        shouldAudit: ({ askedByRouter }) => !askedByRouter,
      }),
    ],
  });
  await server.start();

  const contextOf = (viewer: Viewer, request: FastifyRequest): SubgraphContext<Reads> => ({
    viewer,
    facts: request.facts,
    reads: options.readsFor(viewer),
    askedByRouter: request.facts.internalIdentity !== undefined,
  });
  const mounted = { server, authenticate: authenticator(verifier), contextOf };
  // Not the clock of the rules, which a test may hold still.
  const admit = internalCallersOnly({ key: config.internalKey, subgraph: name, clock: systemClock });
  mountGraphql(app, { ...mounted, admit });
  mountRest(app, { ...mounted, routes: restRoutes.filter(({ service }) => service === name) });
  mountHealth(app, {
    isDraining: http.isDraining,
    isReady: async () => (await keysAreRead(verifier)) && (await isBaseReady(options.base)),
    sources: async () => ({ [fonte]: stateOf(options) }),
  });
  const metrics = await serveMetrics(options.metrics, config.metricsAddress, logger);
  countConnections(app.server, options.metrics);
  const url = await app.listen({ host: config.host, port: config.port });
  return {
    logger,
    url,
    metricsUrl: metrics.url,
    async close() {
      await http.drain();
      await metrics.close();
      await server.stop();
      await Promise.all([closeAll(), auditLog.close()]);
    },
  };
}

function stateOf({ base, sources = [] }: Pick<SubgraphOptions<never>, 'base' | 'sources'>): SourceState {
  const state = base.state();
  return state === 'ok' && sources.some((source) => source.state() !== 'ok') ? 'degradada' : state;
}

const keysAreRead = (verifier: { ready(): Promise<void> }): Promise<boolean> =>
  verifier.ready().then(
    () => true,
    () => false,
  );
