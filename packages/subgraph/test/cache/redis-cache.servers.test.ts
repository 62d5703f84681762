import { setTimeout as sleep } from 'node:timers/promises';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { connectRedis, type RedisPlace, untilReady } from '@pessoa/service/redis/redis-connection';
import {
  documentedRights,
  makeUser,
  type OwnRedis,
  startRedis,
  startRedisCluster,
  startSentinel,
} from '@pessoa/testkit/redis-server';
import { redisServer } from '@pessoa/testkit/servers';
import { cachedParts, cacheKey } from '../../src/cache/cache-key.ts';
import type { Cache } from '../../src/cache/cache.ts';
import { redisCache } from '../../src/cache/redis-cache.ts';
import { cacheContract } from './cache-contract.ts';

const NOBODY = { username: undefined, password: undefined };
const USER = { username: 'pessoa', password: 'uma-senha' };

async function open(place: RedisPlace, commandMillis = 5_000): Promise<Cache> {
  const client = connectRedis(place, { commandMillis });
  await untilReady(client, 10_000);
  const cache = redisCache(client);
  opened.push(cache);
  return cache;
}

const opened: Cache[] = [];
afterAll(() => Promise.all(opened.map((cache) => cache.close())));

const key = (index: number) => cacheKey((cpf) => cpf, cachedParts.perfil, cpfFromBase(String(200_000_000 + index)));
const entry = (index: number) => ({ key: key(index), value: Buffer.from('x'), generation: '', keepMillis: 60_000 });
const isStored = async (cache: Cache, index: number): Promise<boolean | undefined> => {
  const [answer] = await cache.getMany([key(index)]);
  return answer && answer.value !== undefined;
};

/** Polls until the condition is true. Servers take some seconds to notice one another. */
async function until(isTrue: () => Promise<boolean>, millis = 15_000): Promise<void> {
  const deadline = performance.now() + millis;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`the condition was not true within ${millis} ms`);
    await sleep(50);
  }
}

cacheContract('Redis', () => open({ kind: 'single', url: redisServer(), ...NOBODY }));

describe('A user of Redis with only the rights of docs/operations.md', () => {
  it('is enough for a URL with a database', async () => {
    const redis = await startRedis();
    await makeUser(redis, USER, [...documentedRights.always, ...documentedRights.ofDatabase]);
    const cache = await open({ kind: 'single', url: `${redis.url}/3`, ...USER });
    await cache.setMany([entry(1)]);
    expect(await isStored(cache, 1)).toBe(true);
    expect(await redis.command('-n', '3', 'DBSIZE')).toBe('1');
    expect(await cache.invalidate([key(1)])).toBe(1);
    await redis.close();
  });
});

describe('A cluster of three', () => {
  let nodes: readonly OwnRedis[] = [];
  const place = (): RedisPlace => ({
    kind: 'cluster',
    nodes: nodes.map(({ port }) => ({ host: '127.0.0.1', port })),
    ...USER,
  });
  beforeAll(async () => {
    nodes = await startRedisCluster();
    const rights = [...documentedRights.always, ...documentedRights.inCluster];
    for (const node of nodes) await makeUser(node, USER, rights);
  });
  afterAll(() => Promise.all(nodes.map((node) => node.close())));

  cacheContract('a Redis Cluster', () => open(place()));

  it('spreads people over all nodes, with all keys of a person on one node', async () => {
    const cache = await open(place());
    const indexes = Array.from({ length: 60 }, (_, index) => index);
    await cache.setMany(indexes.map(entry));
    const sizes = await Promise.all(nodes.map(async (node) => Number(await node.command('DBSIZE'))));
    expect(sizes.every((size) => size > 5)).toBe(true);
    await cache.invalidate(indexes.map(key)); // several keys in one command: only within one slot
  });

  it('lacks the people of a lost node until the node is back', async () => {
    const cache = await open(place(), 500);
    const indexes = Array.from({ length: 60 }, (_, index) => 100 + index);
    await cache.setMany(indexes.map(entry));
    const lostNode = nodes[0]!;
    lostNode.pause();
    const answers = await cache.getMany(indexes.map(key));
    lostNode.resume();
    const unanswered = answers.filter((answer) => answer === undefined).length;
    expect(unanswered).toBeGreaterThan(0);
    expect(unanswered).toBeLessThan(60);
    expect(answers.filter((answer) => answer?.value).length).toBe(60 - unanswered);
    await until(async () => (await cache.getMany(indexes.map(key))).every((answer) => answer?.value !== undefined));
  });
});

describe('A Redis behind a sentinel', () => {
  const NAME = 'mestre-pessoa';
  let servers: OwnRedis[] = [];
  afterAll(() => Promise.all(servers.map((server) => server.close())));

  it('is in use again after a replica has replaced its lost master', async () => {
    const master = await startRedis();
    const replica = await startRedis('--replicaof', '127.0.0.1', String(master.port));
    servers = [master, replica];
    await until(async () => (await replica.command('INFO', 'replication')).includes('master_link_status:up'));
    const sentinel = await startSentinel(NAME, master);
    servers.push(sentinel);
    await until(async () => (await sentinel.command('SENTINEL', 'REPLICAS', NAME)).includes(String(replica.port)));

    const sentinels = [{ host: '127.0.0.1', port: sentinel.port }];
    const cache = await open({ kind: 'sentinel', sentinels, name: NAME, ...NOBODY });
    await cache.setMany([entry(1)]);
    expect(await isStored(cache, 1)).toBe(true);
    await until(async () => (await replica.command('DBSIZE')) === '1');

    await master.stop();
    await until(async () => (await isStored(cache, 1)) === true, 30_000);
    await until(async () => {
      await cache.setMany([entry(2)]);
      return (await isStored(cache, 2)) === true;
    });
    expect(cache.state()).toBe('ok');
  });
});
