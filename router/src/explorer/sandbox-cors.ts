import type { FastifyInstance } from 'fastify';
import { SANDBOX_EMBED_ORIGIN } from './sandbox-page.ts';

/**
 * The Sandbox mounted at `/sandbox` sends nothing by itself: its frame hands each request to our page, which sends it from our own
 * origin (`handleRequest` of @apollo/sandbox), and that needs no CORS. Sandbox opened on Apollo's own site, with this
 * router as its endpoint, does.
 */
const ORIGINS: ReadonlySet<string> = new Set(['https://studio.apollographql.com', SANDBOX_EMBED_ORIGIN]);

const ALLOWED_HEADERS = 'content-type, authorization, x-finalidade, x-fapi-interaction-id, apollo-require-preflight';
const EXPOSED_HEADERS = 'x-fapi-interaction-id, www-authenticate, retry-after';

/** Lets scripts of Apollo Sandbox's origins, and of no other, read the answers of `/graphql`. */
export function allowSandboxOrigins(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ headers: { origin }, routeOptions }, reply) => {
    if (routeOptions.url !== '/graphql') return;
    reply.header('vary', 'origin');
    if (origin === undefined || !ORIGINS.has(origin)) return;
    reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', EXPOSED_HEADERS);
  });

  app.options('/graphql', async (_request, reply) => {
    if (reply.hasHeader('access-control-allow-origin')) {
      reply
        .header('access-control-allow-methods', 'POST')
        .header('access-control-allow-headers', ALLOWED_HEADERS)
        .header('access-control-max-age', '600');
    }
    return reply.code(204).send();
  });
}
