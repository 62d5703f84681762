import { existsSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import { readCpf } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { commonVariables, readEnvironment } from '@pessoa/service/config/environment';
import { ensureDevelopmentKeys } from '@pessoa/service/development/development-keys';
import { redisPlace, redisVariables } from '@pessoa/service/redis/redis-config';
import { connectRedis, type RedisPlace, untilReady } from '@pessoa/service/redis/redis-connection';
import { cacheKeysOf } from '@pessoa/subgraph/cache/cache-key';
import { redisCache } from '@pessoa/subgraph/cache/redis-cache';
import { pessoaHome } from '../system/home.ts';

/** Longer than a service waits: no client waits for this command. */
const COMMAND_MILLIS = 5_000;
const PEOPLE_AT_A_TIME = 1_000;

/** The Redis that the services share. */
export interface SharedCache {
  /**
   * Deletes the entries of these people, from all bases.
   * @returns how many of the people had an entry
   * @throws Error when an entry may remain
   */
  forget(cpfs: readonly string[]): Promise<number>;
  close(): Promise<void>;
}

/**
 * @returns undefined when the environment names no Redis: then each service caches in its own memory, which no other process
 * can reach
 * @throws ConfigError for variables that cannot be used, Error when the server does not answer
 */
export async function openSharedCache(env: NodeJS.ProcessEnv): Promise<SharedCache | undefined> {
  const variables = { ...redisVariables, CPF_HASH_KEY: commonVariables.CPF_HASH_KEY.optional() };
  const values = readEnvironment('the client of the cache', variables, env);
  const place = redisPlace(values);
  if (!place) return undefined;
  // With another key no entry matches, and the command would seem to succeed.
  const key = values.CPF_HASH_KEY ?? (isOnThisMachine(place) ? await developmentKey(env) : undefined);
  if (!key) throw new Error('set CPF_HASH_KEY to the key of the services: the keys of the cache are hashed with it');
  const cpfHash = cpfHasher(key);
  const client = connectRedis(place, { commandMillis: COMMAND_MILLIS });
  const cache = redisCache(client);
  try {
    await untilReady(client, COMMAND_MILLIS);
  } catch (error) {
    await cache.close();
    throw error;
  }
  return {
    async forget(cpfs) {
      const people = [...new Set(cpfs.flatMap((cpf) => readCpf(cpf) ?? []))];
      let peopleWithEntries = 0;
      for (let start = 0; start < people.length; start += PEOPLE_AT_A_TIME) {
        const batch = people.slice(start, start + PEOPLE_AT_A_TIME);
        const entryCounts = await Promise.all(batch.map((cpf) => cache.invalidate(cacheKeysOf(cpfHash, cpf))));
        peopleWithEntries += entryCounts.filter((entries) => entries > 0).length;
      }
      return peopleWithEntries;
    },
    close: cache.close,
  };
}

/** False for sentinels and clusters: their nodes may name other machines. */
function isOnThisMachine(place: RedisPlace): boolean {
  if (place.kind !== 'single') return false;
  const { hostname } = new URL(place.url);
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
}

/** The key of an `npm start` in this folder; undefined if there is none. A new key would match no entry. */
async function developmentKey(env: NodeJS.ProcessEnv): Promise<Buffer | undefined> {
  const home = pessoaHome(env);
  if (!existsSync(join(home, 'keys', 'secrets.json'))) return undefined;
  return Buffer.from((await ensureDevelopmentKeys(home)).cpfHashKey, 'base64url');
}
