import type { RequestContext } from '@pessoa/service/http/request-context';
import type { Viewer } from '@pessoa/service/identity/viewer';
import type { FastifyRequest } from 'fastify';
import type { RouterConfig } from './config.ts';
import type { RouterContext } from './execution/router-context.ts';

export type Context = RouterContext & RequestContext;

/** What one request knows of its caller and its time, by whichever door it came. */
export const contextFactory =
  ({ requestTimeoutMillis }: RouterConfig) =>
  (viewer: Viewer, { headers, facts }: FastifyRequest): Context => ({
    viewer,
    facts,
    endsAt: performance.now() + requestTimeoutMillis,
    forward: {
      authorization: headers.authorization ?? '',
      'x-fapi-interaction-id': facts.interactionId,
      ...(typeof headers['x-finalidade'] === 'string' && { 'x-finalidade': headers['x-finalidade'] }),
    },
  });
