import { memoryProofs, type ProofMemory } from 'graphql-jwt-guard';
import { Gauge } from 'prom-client';
import type { CommonConfig } from '../config/environment.ts';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { connectRedis } from '../redis/redis-connection.ts';
import { createBreaker } from '../resilience/breaker.ts';
import { redisProofs } from './redis-proofs.ts';

/** The guard's defaults: no proof is older or further ahead. */
const MAX_AGE_MILLIS = 60_000;
const TOLERANCE_MILLIS = 10_000;
const PROBE_AFTER_MILLIS = 1_000;

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
  { jwt, rateLimits }: ProofMemoryConfig,
  { metrics, logger }: { metrics: Metrics; logger: Logger },
): OpenedProofMemory {
  const own = memoryProofs(MAX_AGE_MILLIS, TOLERANCE_MILLIS);
  if (jwt.dpopUrls.length === 0 || !rateLimits.redis) return { ...own, close: async () => {} };
  const onChange = (err: Error | undefined): void =>
    err
      ? logger.warn({ err }, 'the memory of DPoP proofs does not answer: this process remembers alone')
      : logger.info('the memory of DPoP proofs answers again');
  const client = connectRedis(rateLimits.redis, { commandMillis: rateLimits.redisMillis, onChange });
  const shared = redisProofs(client, MAX_AGE_MILLIS + TOLERANCE_MILLIS);
  const breaker = createBreaker({
    probeAfterMillis: PROBE_AFTER_MILLIS,
    isFailure: () => true,
    refusal: () => new Error('the breaker of the shared memory is open'),
  });
  new Gauge({
    name: 'pessoa_dpop_proofs_shared',
    help: '1 while Redis remembers DPoP proofs for all processes, 0 while its breaker is open and this process remembers alone.',
    registers: [metrics],
    collect() {
      this.set(breaker.state() === 'fora' ? 0 : 1);
    },
  });
  return {
    async isFirstUse(...proof) {
      if (!(await own.isFirstUse(...proof))) return false;
      return breaker.run(async () => shared.isFirstUse(...proof)).catch(() => true);
    },
    close: async () => client.disconnect(),
  };
}
