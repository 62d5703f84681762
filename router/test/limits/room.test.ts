import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestFacts } from '@pessoa/service/http/request-facts';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { openRoom } from '../../src/limits/room.ts';

/** The most requests that run. */
const ALL = 512;

describe('The room of a process', () => {
  const metrics = createMetrics('router');
  const runInRoom = openRoom(metrics);
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
});
