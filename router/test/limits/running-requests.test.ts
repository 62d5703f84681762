import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { RUNNING_MIN, RunningRequests } from '../../src/limits/running-requests.ts';

describe('The requests that run', () => {
  let busyShare = 0;
  let now = 0;
  let running: RunningRequests;
  /** Nobody but a test looks. */
  const options = () => ({ busyShare: () => busyShare, now: () => now, lookMillis: 3_600_000 });
  beforeEach(() => {
    busyShare = 0;
    now = 1_000_000;
    running = new RunningRequests(options());
  });

  /** The requests that were started and have not ended. */
  let started = 0;
  beforeEach(() => void (started = 0));
  const start = async (onWaiting?: (leave: () => void) => void): Promise<void> => {
    if (!running.tryStart()) await running.wait(onWaiting);
    started++;
  };
  function enter(count: number): void {
    for (let number = 0; number < count; number++) start().catch(() => {});
  }
  const state = async () => {
    await nextTurn();
    const { running: count, waiting, limit } = running;
    return { running: count, waiting, limit, started };
  };
  async function end(count: number, wasLate = false): Promise<void> {
    for (let number = 0; number < count; number++, started--) running.end({ wasLate });
    await nextTurn();
  }

  it('are as many as the limit allows, and the others follow in their order', async () => {
    busyShare = 1;
    const order: number[] = [];
    enter(RUNNING_MIN);
    const others = [1, 2, 3].map((number) => start().then(() => order.push(number)));
    expect(await state()).toMatchObject({ running: RUNNING_MIN, waiting: 3 });
    await end(1);
    expect(order).toEqual([1]);
    await end(RUNNING_MIN - 1);
    await Promise.all(others);
    expect(order).toEqual([1, 2, 3]);
    expect(await state()).toMatchObject({ running: 3, waiting: 0, limit: RUNNING_MIN });
  });

  it('have sizes: a large one waits until it fits, and those behind it wait too', async () => {
    busyShare = 1;
    running = new RunningRequests({ ...options(), min: 200, max: 400 });
    const order: string[] = [];
    const startSized = async (name: string, size: number): Promise<void> => {
      if (!running.tryStart(size)) await running.wait(undefined, size);
      order.push(name);
    };
    const starts = [startSized('a', 150), startSized('b', 100), startSized('c', 10)];
    await nextTurn();
    expect(order).toEqual(['a']);
    expect({ running: running.running, waiting: running.waiting }).toEqual({ running: 150, waiting: 2 });
    running.end({ wasLate: false, size: 150 });
    await Promise.all(starts);
    expect(order).toEqual(['a', 'b', 'c']);
    expect(running.running).toBe(110);
    busyShare = 0;
    const larger = startSized('d', 300);
    for (let look = 0; look < 3; look++) running.look();
    expect({ limit: running.limit, order }).toEqual({ limit: 400, order: ['a', 'b', 'c'] });
    running.end({ wasLate: false, size: 10 });
    await larger;
    expect(running.running).toBe(400);
  });

  it('let a smaller one pass when the large one before it leaves', async () => {
    busyShare = 1;
    running = new RunningRequests({ ...options(), min: 200 });
    expect(running.tryStart(150)).toBe(true);
    let leave: (() => void) | undefined;
    const large = running.wait((leaving) => (leave = leaving), 100);
    const small = running.wait(undefined, 50);
    leave!();
    await expect(large).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await small;
    expect(running.running).toBe(200);
  });

  it('become twice as many at each look while the process has time to spare', async () => {
    enter(200);
    expect(await state()).toMatchObject({ started: RUNNING_MIN });
    running.look();
    expect(await state()).toMatchObject({ started: 2 * RUNNING_MIN });
    running.look();
    expect(await state()).toMatchObject({ started: 4 * RUNNING_MIN });
    for (let look = 0; look < 10; look++) running.look();
    // When none waits any more, the limit is what runs.
    expect(await state()).toEqual({ running: 200, waiting: 0, limit: 200, started: 200 });
    await end(200);
    enter(200);
    expect(await state()).toMatchObject({ running: 200, waiting: 0 });
    enter(2);
    running.look();
    await nextTurn();
    await end(202);
    running.look();
    expect(await state()).toMatchObject({ running: 0, limit: RUNNING_MIN });
  });

  it('are looked at by a timer while some wait', async () => {
    running = new RunningRequests({ busyShare: () => 0 });
    enter(RUNNING_MIN + 1);
    const deadline = performance.now() + 10_000;
    while (running.waiting > 0 && performance.now() < deadline) await sleep(10);
    expect(await state()).toMatchObject({ running: RUNNING_MIN + 1, waiting: 0 });
  });

  it('do not become more while the process is busy, but fewer', async () => {
    enter(200);
    running.look();
    busyShare = 0.95;
    running.look();
    expect(await state()).toMatchObject({ limit: Math.floor(2 * RUNNING_MIN * 0.9) });
    for (let look = 0; look < 100; look++) running.look();
    expect(await state()).toMatchObject({ limit: RUNNING_MIN });
  });

  it('become half as many when sources are late for most, and then rise by one', async () => {
    enter(600);
    for (let look = 0; look < 3; look++) running.look();
    expect(await state()).toMatchObject({ limit: 8 * RUNNING_MIN });
    await end(10);
    await end(8, true);
    running.look();
    expect(await state()).toMatchObject({ limit: 16 * RUNNING_MIN });
    await end(4);
    await end(6, true);
    running.look();
    expect(await state()).toMatchObject({ limit: 8 * RUNNING_MIN });
    now += 5_000;
    running.look();
    expect(await state()).toMatchObject({ limit: 8 * RUNNING_MIN + 1 });
    now += 6_000;
    running.look();
    expect(await state()).toMatchObject({ limit: 16 * RUNNING_MIN + 2 });
  });

  it('are refused after 2 s, and those that wait behind them are not', async () => {
    busyShare = 1;
    enter(RUNNING_MIN);
    const startedAt = performance.now();
    await expect(start()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(performance.now() - startedAt).toBeGreaterThan(1_900);
    expect(await state()).toMatchObject({ running: RUNNING_MIN, waiting: 0 });
    const next = start();
    await end(1);
    await next;
  });

  it('are not judged by those that ended while none waited, nor by two late ones', async () => {
    enter(20);
    await nextTurn();
    await end(20, true);
    enter(200);
    await nextTurn();
    running.look();
    expect(await state()).toMatchObject({ limit: 2 * RUNNING_MIN });
    await end(2, true);
    running.look();
    expect(await state()).toMatchObject({ limit: 4 * RUNNING_MIN });
  });

  it('leave those that wait when they are told to', async () => {
    busyShare = 1;
    enter(RUNNING_MIN);
    let leave: (() => void) | undefined;
    const gone = start((taken) => (leave = taken));
    const next = start();
    leave!();
    leave!();
    await expect(gone).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(await state()).toMatchObject({ running: RUNNING_MIN, waiting: 1 });
    await end(1);
    await next;
  });
});
