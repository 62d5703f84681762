import { randomUUID } from 'node:crypto';
import { cacheUsers, makeUser, type OwnRedis, startRedis } from '@pessoa/testkit/redis-server';
import { pino } from 'pino';
import { type OpenedProofMemory, openProofMemory } from '../../src/identity/open-proof-memory.ts';
import { createMetrics, type Metrics } from '../../src/metrics/metrics.ts';
import type { RedisPlace } from '../../src/redis/redis-connection.ts';

let redis: OwnRedis;
let opened: OpenedProofMemory[];

function openProcess(user: { username?: string; password?: string } = {}): OpenedProofMemory & { metrics: Metrics } {
  const place: RedisPlace = { kind: 'single', url: redis.url, username: user.username, password: user.password };
  const metrics = createMetrics('router');
  const proofs = openProofMemory(
    { jwt: { dpopUrls: ['https://api.example'] }, rateLimits: { redis: place, redisMillis: 300 } },
    { metrics, logger: pino({ level: 'silent' }) },
  );
  opened.push(proofs);
  return { ...proofs, metrics };
}

/** Waits until the process is connected: before that it remembers alone. */
async function untilShared(...processes: readonly OpenedProofMemory[]): Promise<void> {
  for (const proofs of processes) {
    for (;;) {
      const id = randomUUID();
      await proofs.isFirstUse(id, Date.now(), Date.now());
      if ((await redis.command('EXISTS', `proof:${id}`)) === '1') break;
    }
  }
}

const use = (proofs: OpenedProofMemory, id: string): boolean | Promise<boolean> =>
  proofs.isFirstUse(id, Date.now(), Date.now());

describe('A DPoP proof', () => {
  beforeEach(async () => {
    opened = [];
    redis = await startRedis();
  });
  afterEach(async () => {
    await Promise.all(opened.map((proofs) => proofs.close()));
    await redis.close();
  });

  it('works once at all processes with the same Redis', async () => {
    const [one, other] = [openProcess(), openProcess()];
    await untilShared(one, other);
    for (let count = 0; count < 20; count++) {
      const id = randomUUID();
      const uses = await Promise.all([use(one, id), use(other, id), use(one, id), use(other, id)]);
      expect(uses.filter(Boolean)).toHaveLength(1);
    }
  });

  it('is remembered for as long as a verifier accepts it', async () => {
    const one = openProcess();
    await untilShared(one);
    const id = randomUUID();
    await use(one, id);
    const millis = Number(await redis.command('PTTL', `proof:${id}`));
    expect(millis).toBeGreaterThan(60_000);
    expect(millis).toBeLessThanOrEqual(70_000);
  });

  it('is remembered with the rights of docs/operations.md', async () => {
    const user = { username: 'pessoa', password: 'segredo' };
    await makeUser(redis, user, cacheUsers.services.rights, cacheUsers.services.keys);
    await untilShared(openProcess(user));
  });

  it('works once in each process while Redis does not answer, and the metric says so', async () => {
    const [one, other] = [openProcess(), openProcess()];
    await untilShared(one, other);
    redis.pause();
    // The breaker opens after half of at least ten uses failed.
    for (let count = 0; count < 12; count++) {
      const id = randomUUID();
      expect([await use(one, id), await use(one, id), await use(other, id)]).toEqual([true, false, true]);
    }
    expect(await one.metrics.getSingleMetricAsString('pessoa_dpop_proofs_shared')).toMatch(/\} 0$|shared 0$/m);
    redis.resume();
  });
});
