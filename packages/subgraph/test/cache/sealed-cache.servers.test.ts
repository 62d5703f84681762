import { cpfFromBase } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { connectRedis, untilReady } from '@pessoa/service/redis/redis-connection';
import { cacheUsers, makeUser, type OwnRedis, startRedis } from '@pessoa/testkit/redis-server';
import { cachedParts, cacheKey, cacheKeysOf } from '../../src/cache/cache-key.ts';
import { redisCache } from '../../src/cache/redis-cache.ts';
import { sealedCache } from '../../src/cache/sealed-cache.ts';

const SECRET = new Uint8Array(32).fill(9);
const hash = cpfHasher(SECRET);
const [ANA, BIA] = [cpfFromBase('650000001'), cpfFromBase('650000002')];
const keyOf = (cpf: typeof ANA) => cacheKey(hash, cachedParts.perfil, cpf);
const entry = (cpf: typeof ANA) => ({ key: keyOf(cpf), value: Buffer.from(`renda de ${cpf}`), generation: '', keepMillis: 60_000 }); // prettier-ignore

describe('A Redis of sealed values', () => {
  let redis: OwnRedis;
  const services = { username: 'pessoa', password: 'uma' };
  const operators = { username: 'pessoa-operador', password: 'outra' };
  const opened: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    await makeUser(redis, services, cacheUsers.services.rights, cacheUsers.services.keys);
    await makeUser(redis, operators, cacheUsers.operators.rights, cacheUsers.operators.keys);
  });
  afterAll(async () => {
    await Promise.all(opened.map((cache) => cache.close()));
    await redis.close();
  });

  async function open(user: typeof services) {
    const client = connectRedis({ kind: 'single', url: redis.url, ...user }, { commandMillis: 5_000 });
    await untilReady(client, 10_000);
    const cache = sealedCache(redisCache(client), SECRET);
    opened.push(cache);
    return { cache, client };
  }

  it('stores no data in clear, and returns the values that it was given', async () => {
    const { cache } = await open(services);
    await cache.setMany([entry(ANA), entry(BIA)]);
    const found = await cache.getMany([keyOf(ANA), keyOf(BIA)]);
    expect(found.map((answer) => answer?.value && Buffer.from(answer.value).toString())).toEqual([`renda de ${ANA}`, `renda de ${BIA}`]); // prettier-ignore
    for (const key of [keyOf(ANA), keyOf(BIA)]) {
      const raw = await redis.command('GET', key);
      expect(raw).not.toMatch(/renda|650000/);
    }
  });

  it('does not return exchanged or overwritten entries', async () => {
    const { cache } = await open(services);
    await cache.setMany([entry(ANA), entry(BIA)]);
    await redis.command('COPY', keyOf(ANA), keyOf(BIA), 'REPLACE');
    await redis.command('SETRANGE', keyOf(ANA), '20', 'x');
    const found = await cache.getMany([keyOf(ANA), keyOf(BIA)]);
    expect(found).toEqual([
      { value: undefined, generation: '', isUnreadable: true },
      { value: undefined, generation: '', isUnreadable: true },
    ]);
  });

  it('has a user for the services, which can neither delete nor read other keys', async () => {
    const { client } = await open(services);
    await redis.command('SET', 'outro', 'x');
    for (const command of [
      ['get', 'outro'],
      ['del', keyOf(ANA)],
      ['keys', '*'],
      ['flushall'],
      ['config', 'get', '*'],
      ['acl', 'list'],
    ]) {
      // prettier-ignore
      const [name, ...args] = command as [string, ...string[]];
      await expect(client.call(name, ...args)).rejects.toThrow('NOPERM');
    }
  });

  it('has a user for operators, which can invalidate and cannot read', async () => {
    const service = await open(services);
    await service.cache.setMany([entry(ANA)]);
    const { cache, client } = await open(operators);
    expect(await cache.invalidate(cacheKeysOf(hash, ANA))).toBe(1);
    expect((await service.cache.getMany([keyOf(ANA)]))[0]).toMatchObject({ value: undefined });
    for (const command of [
      ['get', keyOf(BIA)],
      ['mget', keyOf(BIA)],
      ['set', keyOf(BIA), 'x', 'GET'],
      ['set', 'outro', 'x'],
      ['keys', '*'],
    ]) {
      // prettier-ignore
      const [name, ...args] = command as [string, ...string[]];
      await expect(client.call(name, ...args)).rejects.toThrow('NOPERM');
    }
  });
});
