import type { ApolloGateway } from '@apollo/gateway';
import type { ApolloServerOptionsWithGateway, ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { documentLimitOptions } from '@pessoa/service/graphql/document-limits';
import { documentStore } from '@pessoa/service/graphql/document-store';
import { errorStatusPlugin } from '@pessoa/service/graphql/error-status-plugin';
import { formatError } from '@pessoa/service/graphql/format-error';
import { repeatedFieldsPlugin } from '@pessoa/service/graphql/repeated-fields';
import type { AdmitOperation } from '@pessoa/service/limits/rate-limit-plugin';
import { errorsLimitPlugin } from '../errors/errors-limit-plugin.ts';
import { valueCompletionPlugin } from '../errors/value-completion-plugin.ts';
import { requestLimitsPlugin } from '../limits/request-limits-plugin.ts';
import { type CostContext, DemandControl } from '../demand/demand-control.ts';
import { OperationCosts } from '../demand/operation-costs.ts';
import { turnsPlugin } from '../limits/turns-plugin.ts';
import type { PersistedOperations } from '../persisted-operations/persisted-operations.ts';
import { CompilingGateway } from './compiling-gateway.ts';
import type { FetchContext } from './fetch-context.ts';

export interface RouterServerOptions<Context extends FetchContext & CostContext> {
  readonly gateway: ApolloGateway;
  /** The supergraph of the gateway. */
  readonly supergraphSdl: string;
  readonly introspection: boolean;
  /** Whether a client may send an operation now; default: always. */
  readonly admitOperation?: AdmitOperation<Context> | undefined;
  /** The operations that requests may name by id; default: the server refuses every id. */
  readonly persistedOperations?: PersistedOperations;
  /** The highest estimated cost of an operation. */
  readonly maxCost: number;
  /**
   * They run after the router's own plugins, except the one that cuts errors over 50: they see the status that the
   * client gets, and every error. Apollo Server starts `willSendResponse` of all plugins in this order and awaits them
   * together: only what a plugin does before its first `await` is in order.
   */
  readonly plugins: readonly ApolloServerPlugin<Context>[];
}

/**
 * The options of Apollo Server for the router: its limits and its errors. Nothing reports to Apollo or adds to the
 * answer.
 */
export function routerServerOptions<Context extends FetchContext & CostContext>(
  options: RouterServerOptions<Context>,
): ApolloServerOptionsWithGateway<Context> {
  const { gateway, supergraphSdl, maxCost, persistedOperations } = options;
  const compiling = gateway instanceof CompilingGateway ? gateway : undefined;
  const demand =
    compiling && new DemandControl({ access: compiling.access, costs: new OperationCosts(supergraphSdl), maxCost });
  return {
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
      requestLimitsPlugin(demand, options.admitOperation),
      valueCompletionPlugin(supergraphSdl),
      ...(demand ? [demand.plugin()] : []),
      ...options.plugins,
      errorsLimitPlugin(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  };
}
