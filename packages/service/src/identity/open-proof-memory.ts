import { memoryProofs, type ProofMemory } from 'graphql-jwt-guard/token';
import type { CommonConfig } from '../config/environment.ts';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { addFallbackGauge, connectSharedRedis, createFallback } from '../redis/shared-redis.ts';
import { redisProofs } from './redis-proofs.ts';
import { CLOCK_TOLERANCE_SECONDS, PROOF_MAX_AGE_SECONDS } from './token-times.ts';

const MAX_AGE_MILLIS = PROOF_MAX_AGE_SECONDS * 1_000;
const TOLERANCE_MILLIS = CLOCK_TOLERANCE_SECONDS * 1_000;

export interface ProofMemoryConfig {
  readonly jwt: Pick<CommonConfig['jwt'], 'dpopUrls'>;
  readonly rateLimits: Pick<CommonConfig['rateLimits'], 'redis' | 'redisMillis'>;
}

export interface OpenedProofMemory extends ProofMemory {
  close(): Promise<void>;
}

/**
 * Opens the memory of used DPoP proofs: of this process, and of all processes in the Redis that counts the limits. While that
 * does not answer, a proof works once at each process: a lost Redis refuses no client.
 */
export function openProofMemory(
  { jwt, rateLimits: { redis, redisMillis } }: ProofMemoryConfig,
  { metrics, logger }: { metrics: Metrics; logger: Logger },
): OpenedProofMemory {
  const own = memoryProofs(MAX_AGE_MILLIS, TOLERANCE_MILLIS);
  if (jwt.dpopUrls.length === 0 || !redis) return { ...own, close: async () => {} };
  const client = connectSharedRedis(redis, {
    what: 'the used DPoP proofs',
    commandMillis: redisMillis,
    logger,
    observe: { metrics, use: 'proofs' },
  });
  const shared = redisProofs(client, MAX_AGE_MILLIS + TOLERANCE_MILLIS);
  const fallback = createFallback();
  addFallbackGauge(metrics, 'pessoa_dpop_proofs_shared', 'remembers DPoP proofs', 'proofs', fallback);
  return {
    async isFirstUse(...proof) {
      if (!(await own.isFirstUse(...proof))) return false;
      return fallback.run(
        () => shared.isFirstUse(...proof),
        () => true,
      );
    },
    close: async () => client.disconnect(),
  };
}
