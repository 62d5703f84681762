import type { onRequestAsyncHookHandler, FastifyRequest } from 'fastify';
import type { Viewer } from '../identity/viewer.ts';
import type { Authenticate } from '../identity/authentication.ts';
import './request-facts.ts';

/** A route's hook: whoever has no good token is refused before the body is received. */
export const authenticateFirst =
  (authenticate: Authenticate): onRequestAsyncHookHandler =>
  async (request, reply) => {
    request.facts.viewer = await authenticate(request, reply);
  };

/** Who is asking, on a route with `authenticateFirst`. */
export function viewerOfRequest({ facts }: FastifyRequest): Viewer {
  if (!facts.viewer) throw new Error('a route for data has not authenticated its caller');
  return facts.viewer;
}
