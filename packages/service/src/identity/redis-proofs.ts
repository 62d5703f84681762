import type { ProofMemory } from 'graphql-jwt-guard/token';
import type { RedisClient } from '../redis/redis-connection.ts';

/**
 * Remembers proofs in Redis, for all processes together. Rejects when the server does not answer within the client's
 * `commandMillis`.
 *
 * @param lifeMillis from the earliest to the latest use that the verifier accepts of a proof
 */
export function redisProofs(client: RedisClient, lifeMillis: number): ProofMemory {
  return {
    isFirstUse: async (id) => (await client.set(`proof:${id}`, '1', 'PX', lifeMillis, 'NX')) === 'OK',
  };
}
