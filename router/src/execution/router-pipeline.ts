import type { ApolloGateway } from '@apollo/gateway';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { ConstantPlugin } from '@pessoa/service/graphql/constant-plugin';
import { documentLimitOptions } from '@pessoa/service/graphql/document-limits';
import { documentStore } from '@pessoa/service/graphql/document-store';
import { errorStatusPlugin } from '@pessoa/service/graphql/error-status-plugin';
import { formatError } from '@pessoa/service/graphql/format-error';
import type { OperationNamer } from '@pessoa/service/graphql/operation-name';
import { repeatedFieldsPlugin } from '@pessoa/service/graphql/repeated-fields';
import type { AdmitOperation } from '@pessoa/service/limits/rate-limit-plugin';
import { errorsLimitPlugin } from '../errors/errors-limit-plugin.ts';
import { valueCompletionPlugin } from '../errors/value-completion-plugin.ts';
import { RequestLimits } from '../limits/request-limits.ts';
import { type CostContext, DemandControl } from '../demand/demand-control.ts';
import { OperationCosts } from '../demand/operation-costs.ts';
import { turnsPlugin } from '../limits/turns-plugin.ts';
import type { PersistedOperations } from '../persisted-operations/persisted-operations.ts';
import { CompilingGateway } from './compiling-gateway.ts';
import type { FetchContext } from './fetch-context.ts';
import { KnownOperations } from './known-operations.ts';

export interface RouterServerOptions<Context extends FetchContext & CostContext> {
  readonly gateway: ApolloGateway;
  /** The supergraph of the gateway. */
  readonly supergraphSdl: string;
  readonly introspection: boolean;
  /** Whether a client may send an operation now; default: always. */
  readonly admitOperation?: AdmitOperation<Context> | undefined;
  /** Names operations in the log and the audit; default: they have no name. */
  readonly nameOf?: OperationNamer;
  /** The operations that requests may name by id; default: the server refuses every id. */
  readonly persistedOperations?: PersistedOperations;
  /** The highest estimated cost of an operation. */
  readonly maxCost: number;
  /**
   * They run after the router's own plugins, except the one that cuts errors over 50: they see the status that the
   * client gets, and every error. Apollo Server starts `willSendResponse` of all plugins in this order and awaits them
   * together: only what a plugin does before its first `await` is in order.
   */
  readonly plugins: readonly ConstantPlugin<Context>[];
}

/** The ways through the router. */
export interface RouterPipeline<Context extends FetchContext & CostContext> {
  /** Of Apollo Server: its limits and its errors. Nothing reports to Apollo or adds to the answer. */
  readonly serverOptions: ApolloServerOptionsWithGateway<Context>;
  /** The short way; undefined with another gateway. */
  readonly known: KnownOperations<Context> | undefined;
}

export function routerPipeline<Context extends FetchContext & CostContext>(
  options: RouterServerOptions<Context>,
): RouterPipeline<Context> {
  const { gateway, supergraphSdl, maxCost, persistedOperations } = options;
  const compiling = gateway instanceof CompilingGateway ? gateway : undefined;
  const demand =
    compiling && new DemandControl({ access: compiling.access, costs: new OperationCosts(supergraphSdl), maxCost });
  const limits = new RequestLimits<Context>(demand, options.admitOperation);
  const errorsLimit = errorsLimitPlugin();
  // Those that finish an answer with data are called on both ways. The others, such as statuses of refused requests and errors of values,
  // are about answers that the short way leaves to Apollo Server.
  const known =
    compiling &&
    new KnownOperations<Context>({
      gateway: compiling,
      limits,
      persistedOperations,
      nameOf: options.nameOf,
      finishing: [...options.plugins, errorsLimit],
    });
  const serverOptions: ApolloServerOptionsWithGateway<Context> = {
    gateway,
    introspection: options.introspection,
    ...documentLimitOptions(),
    allowBatchedHttpRequests: false,
    persistedQueries: persistedOperations ? { cache: persistedOperations.bodies, ttl: null } : false,
    documentStore: persistedOperations?.documentStore(documentStore()) ?? documentStore(),
    // A page of another site cannot set these headers without a preflight. Every good request has a token.
    csrfPrevention: { requestHeaders: ['authorization', 'apollo-require-preflight', 'x-apollo-operation-name'] },
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    stopOnTerminationSignals: false,
    formatError,
    plugins: [
      turnsPlugin(),
      ...(compiling ? [compiling.plugin] : []),
      repeatedFieldsPlugin(),
      ...(persistedOperations ? [persistedOperations.plugin] : []),
      errorStatusPlugin(),
      limits.plugin,
      valueCompletionPlugin(supergraphSdl),
      ...(demand ? [demand.plugin()] : []),
      ...options.plugins,
      ...(known ? [known.plugin] : []),
      errorsLimit,
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  };
  return { serverOptions, known };
}
