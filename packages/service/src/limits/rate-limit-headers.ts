import type { FastifyInstance } from 'fastify';
import '../http/request-facts.ts';
import type { QuotaState } from './client-limits.ts';
import { quotaNames, type Quotas, quotaUnits, WINDOW_SECONDS } from './quotas.ts';

/** The value of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers): every quota. Undefined when there is none. */
export function rateLimitPolicy(quotas: Quotas): string | undefined {
  const policies = quotaNames.flatMap((name) => {
    const quota = quotas[name];
    return quota === undefined ? [] : [`"${name}";q=${quota};w=${WINDOW_SECONDS};qu="${quotaUnits[name]}"`];
  });
  return policies.length === 0 ? undefined : policies.join(', ');
}

/** The value of `RateLimit`: what is left of the quotas that the request used, and the seconds until their windows end. */
export const rateLimit = (states: readonly QuotaState[]): string =>
  states.map(({ name, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${resetSeconds}`).join(', ');

/**
 * Adds `RateLimit-Policy` and `RateLimit` to every answer of a route for data, and to a refusal the `Retry-After` of the
 * quota that refused it.
 */
export function addRateLimitHeaders(app: FastifyInstance, quotas: Quotas): void {
  const policy = rateLimitPolicy(quotas);
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.routeOptions?.config?.door && !request.facts.internalIdentity) {
      const { quotas: states, retryAfterSeconds } = request.facts;
      if (policy !== undefined) reply.header('ratelimit-policy', policy);
      if (states) reply.header('ratelimit', rateLimit(states));
      if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
    }
    done(null, payload);
  });
}
