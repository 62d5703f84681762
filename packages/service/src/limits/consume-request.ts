import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { ClientHash, Count } from './quota-counters.ts';

/**
 * Takes one point of a limiter. A refusal of the limiter is a count above its points here.
 *
 * @param limiter undefined when there is no quota
 * @throws whatever the store of the limiter throws
 */
export async function consumeRequest(limiter: RateLimiterAbstract | undefined, client: ClientHash): Promise<Count> {
  if (!limiter) return { used: 0, resetMillis: 0 };
  try {
    return countOf(await limiter.consume(client));
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    // A client that is refused from memory has no count of its own.
    return { ...countOf(refusal), used: Math.max(refusal.consumedPoints, limiter.points + 1) };
  }
}

const countOf = ({ consumedPoints, msBeforeNext }: RateLimiterRes): Count => ({
  used: consumedPoints,
  resetMillis: Math.max(0, msBeforeNext),
});
