import type { RequestContext } from '@pessoa/service/http/request-context';
import type { Viewer } from '@pessoa/service/identity/viewer';
import type { FastifyRequest } from 'fastify';
import type { RouterConfig } from './config.ts';
import type { FetchContext } from './execution/fetch-context.ts';

export type RouterContext = FetchContext & RequestContext;

/** What one request knows of its caller and its time, by whichever door it came. */
export const contextFactory =
  ({ requestTimeoutMillis }: RouterConfig) =>
  (viewer: Viewer, { headers, facts }: FastifyRequest): RouterContext => ({
    viewer,
    facts,
    endsAt: performance.now() + requestTimeoutMillis,
    forwardedHeaders: {
      authorization: headers.authorization ?? '',
      'x-fapi-interaction-id': facts.interactionId,
      ...(typeof headers['x-finalidade'] === 'string' && { 'x-finalidade': headers['x-finalidade'] }),
    },
  });
