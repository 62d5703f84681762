import type { ApolloServer } from '@apollo/server';
import type { AuditorCaller } from '@pessoa/audit/auditor-client';
import { PublicError, publicErrors } from '@pessoa/domain/errors';
import type { Service } from '@pessoa/domain/services';
import type { RequestFacts } from '@pessoa/service/http/request-facts';
import {
  type FetchAnswer,
  type FetchHandler,
  factsOfFetch,
  type RouterFetch,
} from '@pessoa/service/graphql/router-fetch';
import { graphqlError } from '@pessoa/service/http/error-answer';
import { verifyToken } from '@pessoa/service/identity/authentication';
import type { SealRules } from '@pessoa/service/identity/seal';
import type { IdentityVerifier } from '@pessoa/service/identity/verifier';
import { type Viewer, viewerOf } from '@pessoa/service/identity/viewer';
import type { Logger } from '@pessoa/service/logging/logger';
import type { RequestMetrics } from '@pessoa/service/metrics/request-metrics';
import { endTrace } from '@pessoa/service/tracing/request-trace';
import { openTrace, withSpan } from '@pessoa/service/tracing/tracing';
import { InvalidTokenError } from 'graphql-jwt-guard/token';
import type { SubgraphContext } from '../subgraph.ts';
import type { KnownFetches } from './known-fetches.ts';

/** Answers fetches of a caller that is known to be the router. */
export function createFetchHandler<Reads>(options: {
  name: Service;
  server: ApolloServer<SubgraphContext<Reads>>;
  fetches: KnownFetches<SubgraphContext<Reads>>;
  verifier: IdentityVerifier;
  sealRules: SealRules;
  readsFor: (viewer: Viewer, caller: AuditorCaller) => Reads;
  requests: RequestMetrics;
  logger: Logger;
}): FetchHandler {
  const { name, server, fetches, verifier, sealRules, readsFor, requests, logger } = options;

  async function answer({ request, headers }: RouterFetch, facts: RequestFacts): Promise<FetchAnswer> {
    try {
      // The router has checked the proof of a bound token.
      const identity = await verifyToken(verifier, headers['authorization'], () => 'checked');
      facts.identity = identity;
      const { authorization, 'x-finalidade': finalidade } = headers;
      const viewer = viewerOf(identity, finalidade, sealRules);
      const reads = readsFor(viewer, { interacao: facts.interactionId, authorization, finalidade });
      const contextValue = { viewer, facts, reads, askedByRouter: true };
      const known = await fetches.execute(request.query, request.variables, contextValue);
      if (known) return { status: 200, body: known };
      const { body, http } = await server.executeOperation(request, { contextValue });
      if (body.kind !== 'single') throw new Error('incremental delivery is not part of this graph');
      return { status: http.status ?? 200, body: body.singleResult };
    } catch (error) {
      const refusal = error instanceof PublicError ? error : new PublicError('INTERNAL_SERVER_ERROR', { cause: error });
      if (refusal !== error) logger.error({ interacao: facts.interactionId, err: error });
      if (refusal.cause instanceof InvalidTokenError) facts.motivo = refusal.cause.reason;
      facts.code = refusal.code;
      return { status: publicErrors[refusal.code].status, body: graphqlError(refusal) };
    }
  }

  return async (fetch, facts = factsOfFetch(fetch)) => {
    const request = { name: 'fetch', service: name, startedAt: facts.startedAt };
    const trace = openTrace(request, fetch.headers['traceparent']);
    if (trace) facts.trace = trace;
    trace?.begin('router');
    const answered = await (trace ? withSpan(trace.span, () => answer(fetch, facts)) : answer(fetch, facts));
    requests.count(facts, '/graphql', answered.status);
    if (trace) endTrace(facts, '/graphql', answered.status);
    return answered;
  };
}
