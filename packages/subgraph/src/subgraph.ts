import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { openAuditLog } from '@pessoa/audit/audit-log';
import type { AuditorCaller } from '@pessoa/audit/auditor-client';
import { auditPlugin } from '@pessoa/audit/audit-plugin';
import { personMarker } from '@pessoa/audit/person-marks';
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
import type { FetchHandler } from '@pessoa/service/graphql/router-fetch';
import { operationNamer } from '@pessoa/service/graphql/operation-name';
import { countConnections } from '@pessoa/service/http/connection-metrics';
import type { AnswerKnown } from '@pessoa/service/http/graph';
import { mountGraphql } from '@pessoa/service/http/graphql-endpoint';
import { mountHealth } from '@pessoa/service/http/health';
import { createHttpService } from '@pessoa/service/http/http-service';
import { internalCallersOnly } from '@pessoa/service/http/internal-caller';
import type { RequestContext } from '@pessoa/service/http/request-context';
import { mountRest } from '@pessoa/service/http/rest-endpoint';
import { authenticator } from '@pessoa/service/identity/authentication';
import { requestProofReader } from '@pessoa/service/identity/request-proofs';
import { openProofMemory } from '@pessoa/service/identity/open-proof-memory';
import { createIdentityVerifier, warnOfMissingKeys } from '@pessoa/service/identity/verifier';
import type { Viewer } from '@pessoa/service/identity/viewer';
import { warnOfLostNames } from '@pessoa/service/logging/lost-statement-names';
import { enumerationPlugin, watchInvalidCpfs } from '@pessoa/service/limits/enumeration-plugin';
import { openClientLimits } from '@pessoa/service/limits/open-client-limits';
import { addRateLimitHeaders } from '@pessoa/service/limits/rate-limit-headers';
import { operationAdmission, rateLimitPlugin } from '@pessoa/service/limits/rate-limit-plugin';
import { type Logger, warningsOnly } from '@pessoa/service/logging/logger';
import type { Metrics, MetricsAddress } from '@pessoa/service/metrics/metrics';
import { serveMetrics } from '@pessoa/service/metrics/metrics-server';
import { requestMetrics } from '@pessoa/service/metrics/request-metrics';
import type { RunningService } from '@pessoa/service/processes/process';
import type { SourceState } from '@pessoa/service/resilience/breaker';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { DocumentNode } from 'graphql';
import type { Base } from './base/base.ts';
import type { SourceBreaker } from './base/source-breaker.ts';
import { checkContract, isBaseReady } from './base/start-check.ts';
import { createFetchHandler } from './graphql/fetch-handler.ts';
import { mountBatches } from './graphql/batch-route.ts';
import { guardedSchema } from './graphql/guarded-schema.ts';
import { fetchFailure } from './graphql/fetch-failure.ts';
import { KnownFetches } from './graphql/known-fetches.ts';
import { rowFaultsPlugin } from './graphql/row-faults-plugin.ts';

/** Context of every resolver of a subgraph. */
export interface SubgraphContext<Reads> extends RequestContext {
  /** Loaders of this request alone: shared loaders would mix the data of two callers. */
  readonly reads: Reads;
  /** True for a request of the router, which then writes the audit. The subgraph audits its own REST requests. */
  readonly askedByRouter: boolean;
}

type ServedBase = Pick<Base<never>, 'contractFaults' | 'missingIndexes' | 'warm' | 'state' | 'close'>;

interface OtherSource extends Pick<SourceBreaker, 'state'> {
  /** Opens its connections. Never rejects. Called before the service listens. */
  warm?(): Promise<void>;
}

interface Closable {
  close(): Promise<unknown>;
}

export interface SubgraphOptions<Reads> {
  readonly name: Service;
  /**
   * SDL types with values straight from the base, or computed by its SQL. A value of them that the SDL does not allow is the base's
   * fault, FONTE_INVALIDA; of other types it is our bug.
   */
  readonly rowTypes: ReadonlySet<string>;
  readonly config: CommonConfig & { readonly port: number; readonly metricsAddress: MetricsAddress | undefined };
  readonly typeDefs: DocumentNode;
  readonly resolvers: object;
  readonly clock?: Clock;
  readonly logger: Logger;
  /** Called once for each request. `caller` is for what the service asks the auditor on behalf of the viewer. */
  readonly readsFor: (viewer: Viewer, caller: AuditorCaller) => Reads;
  readonly base: ServedBase;
  /** Other sources of answers. The service is `degradada` while one of them is not `ok`. Default: none. */
  readonly sources?: readonly OtherSource[];
  /** Resources to close with the service, beside its base: caches, an index. Default: none. */
  readonly closing?: readonly (Closable | undefined)[];
  readonly metrics: Metrics;
  /** Mounts routes of the service that answer no data of a person. Default: none. */
  readonly mountPublic?: (app: FastifyInstance) => void;
}

/** The router expands fragments wherever they are spread: a request of 100 KB may grow sixteenfold. */
const FETCH_BYTES_MAX = 2 * 1024 * 1024;

/** A subgraph that is listening. */
export interface RunningSubgraph extends RunningService {
  /** Answers what its port has got, and refuses the rest. `handleFetch` goes on until `close`. */
  drain(): Promise<void>;
  /** For a router in the same process. */
  readonly handleFetch: FetchHandler;
}

/** Serves one subgraph: GraphQL and its REST routes, authentication, directives, audit, health and metrics. */
export async function serveSubgraph<Reads>(options: SubgraphOptions<Reads>): Promise<RunningSubgraph> {
  const { name, config, logger, clock = systemClock } = options;
  const fonte = services[name];
  const closeAll = () => Promise.all([options.base, ...(options.closing ?? [])].map((resource) => resource?.close()));
  const closeOnFailure = (check: Promise<void>): Promise<void> =>
    check.catch(async (error: unknown) => {
      await closeAll();
      throw error;
    });
  warnOfUnencrypted(config, logger);
  await closeOnFailure(checkContract(name, options.base, logger));
  await Promise.all((options.sources ?? []).map((source) => source.warm?.()));
  const cpfHash = cpfHasher(config.cpfHashKey);
  const auditLog = openAuditLog(config.audit, warnOfLostNames(logger, 'auditoria'), options.metrics);
  await closeOnFailure(checkAudit(name, auditLog, logger));
  const proofs = openProofMemory(config, { metrics: options.metrics, logger });
  const verifier = createIdentityVerifier(config, proofs);
  void warnOfMissingKeys(config, verifier, logger);
  const limits = openClientLimits(config.rateLimits, { ...config, cpfHash, metrics: options.metrics, logger });
  const requests = requestMetrics(options.metrics, config.metricsClients);
  const http = createHttpService({
    logger,
    metrics: requests,
    tracedAs: name,
    maxConnections: config.maxConnections,
    bodyLimitBytes: FETCH_BYTES_MAX,
    times: config.httpTimes ?? {},
  });
  const { app } = http;
  addRateLimitHeaders(app, limits.quotas);
  watchInvalidCpfs(app, limits.watch);
  const schemaOptions = { ...options, clock };
  const rowFaults = { fonte, rowTypes: options.rowTypes, logger };
  const fetches = new KnownFetches<SubgraphContext<Reads>>(
    guardedSchema(schemaOptions), // its own: Apollo Server wraps every resolver of the other
    ({ askedByRouter }) => askedByRouter,
    fetchFailure(rowFaults),
  );
  const server = new ApolloServer<SubgraphContext<Reads>>({
    schema: guardedSchema(schemaOptions),
    introspection: config.allowsIntrospection,
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
      rowFaultsPlugin(rowFaults), // before the facts plugin, which logs the remaining errors as bugs
      factsPlugin(logger, operationNamer(config.cpfHashKey)),
      rateLimitPlugin(operationAdmission<SubgraphContext<Reads>>(limits, { isCounted: isAskedByClient })),
      enumerationPlugin<SubgraphContext<Reads>>(limits.watch, isAskedByClient),
      auditPlugin<SubgraphContext<Reads>>({
        auditLog,
        servico: name,
        markPerson: personMarker(config.cpfHashKey),
        clock,
        logger,
        shouldAudit: isAskedByClient,
      }),
      fetches.plugin,
    ],
  });
  await server.start();

  const contextOf = (viewer: Viewer, request: FastifyRequest): SubgraphContext<Reads> => ({
    viewer,
    facts: request.facts,
    reads: options.readsFor(viewer, callerOf(request)),
    askedByRouter: request.facts.internalIdentity !== undefined,
  });
  const proofOf = requestProofReader(config.jwt);
  const sealRules = { clock: systemClock, sealClients: config.sealClients };
  // The system's clock: a test may stop `clock`.
  const admit = internalCallersOnly({ key: config.internalKey, subgraph: name, clock: systemClock });
  const answerKnown: AnswerKnown<SubgraphContext<Reads>> = async (
    { query, variables, operationName, persistedQuery },
    context,
  ) => {
    if (query === undefined || operationName !== undefined || persistedQuery !== undefined) return undefined;
    const body = await fetches.execute(query, variables ?? {}, context);
    return body && { body };
  };
  mountGraphql(app, {
    withGraph: (_facts, work) => work({ server, answerKnown }),
    authenticate: authenticator(verifier, proofOf, sealRules), // the router has counted what it asks for
    contextOf,
    admit: [admit],
  });
  const handleFetch = createFetchHandler({
    name,
    server,
    fetches,
    verifier,
    sealRules,
    readsFor: options.readsFor,
    requests,
    logger,
  });
  mountBatches(app, { admit, handleFetch, logger });
  mountRest(app, {
    withGraph: (_facts, work) => work({ server }),
    authenticate: authenticator(verifier, proofOf, sealRules, limits.admitRequest),
    contextOf,
    routes: restRoutes.filter(({ service }) => service === name),
  });
  options.mountPublic?.(app);
  mountHealth(app, {
    isDraining: http.isDraining,
    isReady: async () => (await keysAreRead(verifier)) && (await isBaseReady(options.base)),
    sources: async () => ({ [fonte]: stateOf(options) }),
    keys: verifier.keyStates,
  });
  const metrics = await serveMetrics(options.metrics, config.metricsAddress, logger);
  countConnections(app.server, options.metrics, config.maxConnections);
  const url = await app.listen({ host: config.host, port: config.port });
  return {
    logger,
    url,
    retire: () => http.retire(),
    drain: () => http.drain(),
    metricsUrl: metrics.url,
    handleFetch,
    async close() {
      await http.drain();
      await metrics.close();
      await server.stop();
      await Promise.all([closeAll(), auditLog.close(), limits.close(), proofs.close()]);
    },
  };
}

const callerOf = ({ headers, facts }: FastifyRequest): AuditorCaller => ({
  interacao: facts.interactionId,
  authorization: headers.authorization,
  finalidade: headers['x-finalidade']?.toString(),
});

const isAskedByClient = ({ askedByRouter }: { readonly askedByRouter: boolean }): boolean => !askedByRouter;

function stateOf({ base, sources = [] }: Pick<SubgraphOptions<never>, 'base' | 'sources'>): SourceState {
  const state = base.state();
  return state === 'ok' && sources.some((source) => source.state() !== 'ok') ? 'degradada' : state;
}

const keysAreRead = (verifier: { ready(): Promise<void> }): Promise<boolean> =>
  verifier.ready().then(
    () => true,
    () => false,
  );
