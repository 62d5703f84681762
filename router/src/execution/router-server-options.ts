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
import { errorsLimitPlugin } from '../errors/errors-limit-plugin.ts';
import { valueCompletionPlugin } from '../errors/value-completion-plugin.ts';
import { requestLimitsPlugin } from '../limits/request-limits-plugin.ts';
import { CompilingGateway } from './compiling-gateway.ts';
import type { FetchContext } from './fetch-context.ts';

export interface RouterServerOptions<Context extends FetchContext> {
  readonly gateway: ApolloGateway;
  /** The one the gateway was given. */
  readonly supergraphSdl: string;
  readonly introspection: boolean;
  /** Run after ours: they see the answer and its status as the client will. */
  readonly plugins?: readonly ApolloServerPlugin<Context>[];
}

/** Everything Apollo Server needs to be the router: limits, errors, and nothing that leaves or decorates the answer. */
export function routerServerOptions<Context extends FetchContext>(
  options: RouterServerOptions<Context>,
): ApolloServerOptionsWithGateway<Context> {
  return {
    gateway: options.gateway,
    introspection: options.introspection,
    ...documentLimitOptions(),
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    documentStore: documentStore(),
    // What a page of another site can send without asking has none of these headers; a token is in every good request.
    csrfPrevention: { requestHeaders: ['authorization', 'apollo-require-preflight', 'x-apollo-operation-name'] },
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    stopOnTerminationSignals: false,
    formatError,
    plugins: [
      ...(options.gateway instanceof CompilingGateway ? [options.gateway.plugin] : []),
      errorStatusPlugin(),
      requestLimitsPlugin(),
      valueCompletionPlugin(options.supergraphSdl),
      ...(options.plugins ?? []),
      errorsLimitPlugin(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  };
}
