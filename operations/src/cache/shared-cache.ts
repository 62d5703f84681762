import { existsSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import { readCpf } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { commonVariables, readEnvironment } from '@pessoa/service/config/environment';
import { ensureDevelopmentKeys } from '@pessoa/service/development/development-keys';
import { redisFaults, redisPlace, redisVariables } from '@pessoa/subgraph/cache/cache-config';
import { cacheKeysOf } from '@pessoa/subgraph/cache/cache-key';
import { redisCache } from '@pessoa/subgraph/cache/redis-cache';
import { connectRedis, type RedisPlace, untilReady } from '@pessoa/subgraph/cache/redis-connection';
import { pessoaHome } from '../system/home.ts';

/** Nobody waits for an answer here, so that a busy server is given more time than a service gives it. */
const COMMAND_MILLIS = 5_000;
const PEOPLE_AT_A_TIME = 1_000;

/** The Redis that the services share. */
export interface SharedCache {
  /**
   * Deletes everything of these people, of all bases.
   * @returns of how many of them something was kept
   * @throws Error when some may still be there
   */
  forget(cpfs: readonly string[]): Promise<number>;
  close(): Promise<void>;
}

/**
 * @returns undefined when the environment names no Redis: then each service keeps its own memory, which nobody reaches
 * @throws ConfigError for variables that cannot be used, Error when the server does not answer
 */
export async function openSharedCache(env: NodeJS.ProcessEnv): Promise<SharedCache | undefined> {
  const variables = { ...redisVariables, CPF_HASH_KEY: commonVariables.CPF_HASH_KEY.optional() };
  const values = readEnvironment('the client of the cache', variables, env, redisFaults);
  const place = redisPlace(values);
  if (!place) return undefined;
  // With another key nobody would be found, and it would look like success.
  const key = values.CPF_HASH_KEY ?? (isOnThisMachine(place) ? await developmentKey(env) : undefined);
  if (!key) throw new Error('set CPF_HASH_KEY: the one of the services, by which the cache knows people');
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
      const known = [...new Set(cpfs.flatMap((cpf) => readCpf(cpf) ?? []))];
      let found = 0;
      for (let start = 0; start < known.length; start += PEOPLE_AT_A_TIME) {
        const people = known.slice(start, start + PEOPLE_AT_A_TIME);
        const deleted = await Promise.all(people.map((cpf) => cache.invalidate(cacheKeysOf(cpfHash, cpf))));
        found += deleted.filter((entries) => entries > 0).length;
      }
      return found;
    },
    close: cache.close,
  };
}

/** Only a single server can be known to be: sentinels and nodes name others. */
function isOnThisMachine(place: RedisPlace): boolean {
  if (place.kind !== 'single') return false;
  const { hostname } = new URL(place.url);
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
}

/** Of an `npm start` in this folder; none is made here, for it would find nobody. */
async function developmentKey(env: NodeJS.ProcessEnv): Promise<Buffer | undefined> {
  const home = pessoaHome(env);
  if (!existsSync(join(home, 'keys', 'secrets.json'))) return undefined;
  return Buffer.from((await ensureDevelopmentKeys(home)).cpfHashKey, 'base64url');
}
