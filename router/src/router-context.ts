import type { RequestContext } from '@pessoa/service/http/request-context';
import type { Viewer } from '@pessoa/service/identity/viewer';
import type { FastifyRequest } from 'fastify';
import type { RouterConfig } from './config.ts';
import type { CostContext } from './demand/demand-control.ts';
import type { FetchContext } from './execution/fetch-context.ts';

/** What the router knows of one request: its caller, its facts, its deadline, its cost and the headers that subgraphs receive. */
export type RouterContext = FetchContext & RequestContext & CostContext;

/** Makes the context of a request, for GraphQL and REST. */
export const contextFactory =
  ({ requestTimeoutMillis }: RouterConfig) =>
  (viewer: Viewer, { headers, facts }: FastifyRequest): RouterContext => ({
    viewer,
    facts,
    wantsCost: headers['x-cost'] === 'true',
    endsAt: performance.now() + requestTimeoutMillis,
    forwardedHeaders: {
      authorization: headers.authorization ?? '',
      'x-fapi-interaction-id': facts.interactionId,
      ...(typeof headers['x-finalidade'] === 'string' && { 'x-finalidade': headers['x-finalidade'] }),
      ...(facts.trace?.traceparent && { traceparent: facts.trace.traceparent }),
    },
  });
