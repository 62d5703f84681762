import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestFacts } from '@pessoa/service/http/request-facts';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { openRoom } from '../../src/limits/room.ts';

/** The most requests that run. */
const ALL = 512;

describe('The room of a process', () => {
  const metrics = createMetrics('router');
  const { run: runInRoom, takeFor } = openRoom(metrics);
  const newFacts = () => ({}) as RequestFacts;
  const valueOf = async (name: string): Promise<number | undefined> =>
    Number(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'm').exec(await metrics.metrics())?.[1]);

  it('runs no request that waited too long or whose client left, and has room again when works have ended', async () => {
    const { promise: work, resolve: endWork } = Promise.withResolvers<string>();
    const running = Array.from({ length: ALL }, () => runInRoom(newFacts(), () => work));
    const deadline = performance.now() + 10_000;
    // A busy loop would keep the limit low.
    while ((await valueOf('pessoa_requests_running')) !== ALL && performance.now() < deadline) await sleep(100);
    expect(await valueOf('pessoa_requests_running')).toBe(ALL);
    let runs = 0;
    const count = async (): Promise<number> => ++runs;
    const [late, gone] = [newFacts(), newFacts()];
    const waiting = Promise.allSettled([runInRoom(late, count), runInRoom(gone, count)]);
    expect(await valueOf('pessoa_requests_waiting')).toBe(2);
    gone.onGone!();
    const refused = { status: 'rejected', reason: expect.objectContaining({ code: 'RATE_LIMITED' }) };
    expect(await waiting).toEqual([refused, refused]);
    expect({ runs, late, gone }).toEqual({
      runs: 0,
      late: { retryAfterSeconds: 1, onGone: undefined },
      gone: { retryAfterSeconds: 1, onGone: undefined },
    });
    expect(await valueOf('pessoa_requests_refused_total')).toBe(2);
    endWork('done');
    expect(new Set(await Promise.all(running))).toEqual(new Set(['done']));
    expect(await valueOf('pessoa_requests_running')).toBe(0);
    expect(await runInRoom(newFacts(), count)).toBe(1);
  });

  it('has room again after a work that failed', async () => {
    const failing = runInRoom(newFacts(), () => Promise.reject(new Error('a fault')));
    await expect(failing).rejects.toThrow('a fault');
    expect(await valueOf('pessoa_requests_running')).toBe(0);
  });

  it('has room for few lists of people at a time, also for one that is too long, and for the others after them', async () => {
    const order: string[] = [];
    const ends = new Map<string, () => void>();
    const runList = (name: string, people: number) => {
      const facts = newFacts();
      return runInRoom(facts, async () => {
        await takeFor(facts, people);
        await takeFor(facts, people); // counted once
        order.push(name);
        await new Promise<void>((resolve) => ends.set(name, resolve));
        return name;
      });
    };
    const lists = [runList('long', 500), runList('a', 100), runList('nobody', 0)];
    await sleep(0);
    expect(order.toSorted()).toEqual(['long', 'nobody']);
    expect(await valueOf('pessoa_people_running')).toBe(500);
    expect(await valueOf('pessoa_requests_waiting')).toBe(1);
    ends.get('long')!();
    await lists[0];
    await sleep(0);
    expect(order.slice(2)).toEqual(['a']);
    for (const name of ['a', 'nobody']) ends.get(name)!();
    expect(await Promise.all(lists)).toEqual(['long', 'a', 'nobody']);
    expect(await valueOf('pessoa_people_running')).toBe(0);
  });

  it('refuses a list whose client left, and has its room', async () => {
    const { promise: work, resolve: endWork } = Promise.withResolvers<void>();
    const taking = (facts: RequestFacts, people: number) =>
      runInRoom(facts, async () => {
        await takeFor(facts, people);
        await work;
      });
    const first = taking(newFacts(), 10_000);
    const gone = newFacts();
    const refused = taking(gone, 1);
    await sleep(0);
    gone.onGone!();
    await expect(refused).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(gone.retryAfterSeconds).toBe(1);
    endWork();
    await first;
    expect(await valueOf('pessoa_people_running')).toBe(0);
    expect(await valueOf('pessoa_requests_running')).toBe(0);
  });
});
