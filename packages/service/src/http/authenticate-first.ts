import type { onRequestAsyncHookHandler, FastifyRequest } from 'fastify';
import type { Viewer } from '../identity/viewer.ts';
import type { Authenticate } from '../identity/authentication.ts';
import './request-facts.ts';

/** A hook for a route: it refuses a request without a valid token before its body is read. */
export const authenticateFirst =
  (authenticate: Authenticate): onRequestAsyncHookHandler =>
  async (request, reply) => {
    request.facts.viewer = await authenticate(request, reply);
  };

/** The viewer of a request. @throws Error when the route has no `authenticateFirst` */
export function viewerOfRequest({ facts }: FastifyRequest): Viewer {
  if (!facts.viewer) throw new Error('the route does not authenticate its callers');
  return facts.viewer;
}
