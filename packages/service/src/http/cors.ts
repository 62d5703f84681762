import type { FastifyReply, FastifyRequest } from 'fastify';
import { addVary } from './vary.ts';

const ALLOWED_HEADERS =
  'content-type, authorization, dpop, x-finalidade, x-fapi-interaction-id, x-cost, apollo-require-preflight, mcp-protocol-version';
const EXPOSED_HEADERS =
  'x-fapi-interaction-id, www-authenticate, retry-after, ratelimit, ratelimit-policy, link, x-desatualizado, allow, x-cost-estimate, x-cost-actual';

/** Seconds for which a browser caches the answer to a preflight request. */
const MAX_AGE = '600';

/**
 * Lets scripts of the given origins read answers. Credentials are not allowed: other origins send a token. The one door that takes a
 * cookie, `/pessoa/graphql`, is for the page's own origin alone.
 */
export function allowOrigin({ headers }: FastifyRequest, reply: FastifyReply, origins: ReadonlySet<string>): void {
  addVary(reply, 'origin');
  const { origin } = headers;
  if (origin === undefined || !origins.has(origin)) return;
  reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', EXPOSED_HEADERS);
}

/** Adds the headers of a preflight answer to an answer to OPTIONS, if `allowOrigin` has allowed the origin. */
export function allowPreflight(reply: FastifyReply, methods: readonly string[]): void {
  if (!reply.hasHeader('access-control-allow-origin')) return;
  reply
    .header('access-control-allow-methods', methods.join(', '))
    .header('access-control-allow-headers', ALLOWED_HEADERS)
    .header('access-control-max-age', MAX_AGE);
}
