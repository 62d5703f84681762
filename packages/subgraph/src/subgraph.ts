import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { postgresAuditLog } from '@pessoa/audit/audit-log';
import type { Cpf } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { type Clock, systemClock } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import { type Service, services } from '@pessoa/domain/services';
import { restRoutes } from '@pessoa/rest/routes';
import type { FastifyRequest } from 'fastify';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { guardSchema } from 'graphql-jwt-guard';
import { openAuditWriters } from '@pessoa/audit/audit-pool';
import type { Base } from './base/base.ts';
import { checkAudit } from '@pessoa/audit/check-audit';
import { type CommonConfig, ConfigError, warnOfUnencrypted } from '@pessoa/service/config/environment';
import { auditPlugin } from '@pessoa/audit/audit-plugin';
import { documentLimitOptions, fetchLimits } from '@pessoa/service/graphql/document-limits';
import { documentStore } from '@pessoa/service/graphql/document-store';
import { factsPlugin } from '@pessoa/service/graphql/facts-plugin';
import { formatError } from '@pessoa/service/graphql/format-error';
import { operationNamer } from '@pessoa/service/graphql/operation-name';
import { checkEntities } from './graphql/check-entities.ts';
import { rowFaultsPlugin } from './graphql/row-faults-plugin.ts';
import { scalarResolvers } from '@pessoa/service/graphql/scalars';
import { authenticator } from '@pessoa/service/identity/authentication';
import { countConnections } from '@pessoa/service/http/connection-metrics';
import { mountGraphql } from '@pessoa/service/http/graphql-endpoint';
import { mountHealth } from '@pessoa/service/http/health';
import { internalCallersOnly } from '@pessoa/service/http/internal-caller';
import { createHttpService } from '@pessoa/service/http/http-service';
import type { RequestContext } from '@pessoa/service/http/request-context';
import { mountRest } from '@pessoa/service/http/rest-endpoint';
import type { Logger } from '@pessoa/service/logging/logger';
import type { RunningService } from '@pessoa/service/processes/process';
import { type Metrics, type MetricsAddress, serveMetrics } from '@pessoa/service/metrics/metrics';
import { createIdentityVerifier } from '@pessoa/service/identity/verifier';
import { recusaOfDenial } from './graphql/denial.ts';
import { mayReadBankData, mayReadPerson, type Viewer } from '@pessoa/service/identity/viewer';

/** What every resolver of a subgraph gets. */
export interface SubgraphContext<Reads> extends RequestContext {
  /** Reads and the like, made for this request alone: shared ones would mix two callers' data. */
  readonly reads: Reads;
  /** Then the router writes the read down; what comes by REST is written down here. */
  readonly askedByRouter: boolean;
}

type ServedBase = Pick<Base<never>, 'missing' | 'missingIndexes' | 'warm' | 'state' | 'close'>;

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
  readonly metrics: Metrics;
}

/** The router writes out what stands in a fragment wherever it is spread: up to sixteen times its 100 KB. */
const FETCH_BYTES_MAX = 2 * 1024 * 1024;

/** Serves one subgraph: GraphQL and its REST routes, token, purpose, directives, audit, health. */
export async function serveSubgraph<Reads>(options: SubgraphOptions<Reads>): Promise<RunningService> {
  const { name, config, logger, clock = systemClock } = options;
  const fonte = services[name];
  warnOfUnencrypted(config, logger);
  await checkContract(options);
  const verifier = createIdentityVerifier(config);
  const cpfHash = cpfHasher(config.cpfHashKey);
  const auditLog = postgresAuditLog(openAuditWriters(config.audit, 4));
  await checkAudit(name, auditLog, logger).catch(async (error: unknown) => {
    await options.base.close();
    throw error;
  });
  const http = createHttpService({
    logger,
    maxConnections: config.maxConnections,
    bodyLimitBytes: FETCH_BYTES_MAX,
    times: config.httpTimes ?? {},
  });
  const { app } = http;
  const server = new ApolloServer<SubgraphContext<Reads>>({
    schema: guardedSchema(options, clock),
    introspection: config.introspection,
    ...documentLimitOptions(fetchLimits),
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    documentStore: documentStore(),
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    formatError,
    logger: {
      debug() {},
      info() {},
      warn: (message) => logger.warn(message),
      error: (message) => logger.error(message),
    },
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      rowFaultsPlugin({ fonte, rowTypes: options.rowTypes, logger }), // before the facts, which log what is left as a bug
      factsPlugin(logger, operationNamer(config.cpfHashKey)),
      auditPlugin({ auditLog, servico: name, cpfHash, clock, logger, isOurs: ({ askedByRouter }) => !askedByRouter }),
    ],
  });
  await server.start();

  const contextOf = (viewer: Viewer, request: FastifyRequest): SubgraphContext<Reads> => ({
    viewer,
    interactionId: request.facts.interacao,
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
    isReady: async () => (await keysAreRead(verifier)) && (await answers(options.base)),
    sources: async () => ({ [fonte]: options.base.state() }),
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
      await Promise.all([options.base.close(), auditLog.close()]);
    },
  };
}

function guardedSchema<Reads>({ typeDefs, resolvers, config }: SubgraphOptions<Reads>, clock: Clock) {
  const { courtOrderClients } = config;
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: { ...scalarResolvers, ...resolvers } }]);
  checkEntities(schema);
  if (!config.introspection) hideSdl(schema);
  return guardSchema<SubgraphContext<Reads>>(schema, {
    scopesOf: ({ viewer }) => viewer.scopes,
    policies: {
      consentimento: ({ source, context: { viewer } }) =>
        mayReadBankData(viewer, cpfOf(source), { clock, courtOrderClients }),
    },
    // Every guarded object of this graph belongs to a person and carries their CPF. The CPF itself says nothing that the
    // caller did not send, and it cannot be null: refusing it would take the other people of the answer along.
    allow: ({ source, fieldName, context: { viewer } }) => {
      const cpf = (source as { cpf?: Cpf } | undefined)?.cpf;
      return cpf === undefined || fieldName === 'cpf' || mayReadPerson(viewer, cpf);
    },
    denyBehindNull: true, // a CPF that the base does not know is refused as one that it knows
    denied: (denial) => new PublicError('UNAUTHORIZED_FIELD_OR_TYPE', { recusa: recusaOfDenial(denial) }),
  });
}

/** Federation's own introspection, which Apollo Server does not know as such. */
function hideSdl(schema: GraphQLSchema): void {
  const service = schema.getQueryType()?.getFields()['_service'];
  if (!service) throw new Error('a subgraph without _service');
  service.resolve = () => {
    throw new PublicError('GRAPHQL_VALIDATION_FAILED', { detail: 'Introspection is off.' });
  };
}

function cpfOf(source: unknown): Cpf {
  const { cpf } = source as { cpf?: Cpf };
  if (!cpf) throw new Error('a policy guards a field whose object does not carry the CPF');
  return cpf;
}

/** A base that cannot be asked now may come later; one that lacks a column never will. */
async function checkContract<Reads>({ name, base, logger }: SubgraphOptions<Reads>): Promise<void> {
  const missing = await base.missing({ isStarting: true }).catch((err: unknown) => {
    logger.warn({ err }, 'the base does not answer yet');
    return undefined;
  });
  if (!missing) return;
  if (missing.length === 0) {
    for (const ddl of await base.missingIndexes().catch(() => [])) {
      logger.warn({ ddl }, 'an index is missing: each read of a person looks through the whole table (docs/bases.md)');
    }
    return base.warm();
  }
  await base.close();
  throw new ConfigError(
    `${name} cannot start: its base lacks, keeps from our role, or has as another type (docs/bases.md):\n  ${missing.join('\n  ')}`,
  );
}

const answers = (base: ServedBase): Promise<boolean> =>
  base.missing().then(
    async (missing) => {
      if (missing.length === 0) await base.warm();
      return missing.length === 0;
    },
    () => false,
  );

const keysAreRead = (verifier: { ready(): Promise<void> }): Promise<boolean> =>
  verifier.ready().then(
    () => true,
    () => false,
  );
