import type { JsonObject } from './json.ts';

/** The headers of every answer of a route. */
export const commonHeaders: JsonObject = {
  ratelimit: { $ref: '#/components/headers/RateLimit' },
  'ratelimit-policy': { $ref: '#/components/headers/RateLimitPolicy' },
  'x-fapi-interaction-id': { $ref: '#/components/headers/InteractionId' },
};
