import { setTimeout as sleep } from 'node:timers/promises';
import { ClientTurns } from '../../src/limits/client-turns.ts';

/** Lets waiting turns begin that need no timer. */
const settle = (): Promise<void> => sleep(0);

const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  void promise.then(() => (settled = true), () => (settled = true)); // prettier-ignore
  await settle();
  return settled;
};

describe('The turns of a client', () => {
  it('come one after another, in the order of arrival', async () => {
    const turns = new ClientTurns({ costPerMinute: undefined });
    const order: number[] = [];
    const first = await turns.enter('a');
    const rest = [1, 2, 3].map((number) =>
      turns.enter('a').then((turn) => {
        order.push(number);
        turn.end();
      }),
    );
    await settle();
    expect({ order, waiting: turns.waiting }).toEqual({ order: [], waiting: 3 });
    first.end();
    await Promise.all(rest);
    expect({ order, waiting: turns.waiting }).toEqual({ order: [1, 2, 3], waiting: 0 });
  });

  it('do not wait for the turns of another client', async () => {
    const turns = new ClientTurns({ costPerMinute: undefined });
    await turns.enter('a');
    expect(await isSettled(turns.enter('b'))).toBe(true);
  });

  it('have no pause while the client is alone, whatever they use', async () => {
    const turns = new ClientTurns({ costPerMinute: 1_000 });
    for (let count = 0; count < 50; count++) {
      const turn = await turns.enter('a');
      turn.useProcessor(500);
      turn.useCost(1_000);
      turn.end();
    }
    expect(await isSettled(turns.enter('a'))).toBe(true);
  });

  it('pause 25 times what a document kept the processor, beyond a second at once', async () => {
    const turns = new ClientTurns({ costPerMinute: undefined });
    await turns.enter('b');
    const turn = await turns.enter('a');
    turn.useProcessor(48); // 1,200 ms
    turn.end();
    const start = performance.now();
    const keepB = setInterval(() => void turns.enter('b').catch(() => {}), 100);
    const next = await turns.enter('a');
    clearInterval(keepB);
    next.end();
    expect(performance.now() - start).toBeGreaterThan(150);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('pause for the part of a minute that is the part of the quota which an operation costs', async () => {
    const turns = new ClientTurns({ costPerMinute: 60_000 });
    await turns.enter('b');
    const turn = await turns.enter('a');
    turn.useCost(1_300);
    turn.end();
    const start = performance.now();
    const keepB = setInterval(() => void turns.enter('b').catch(() => {}), 100);
    await turns.enter('a');
    clearInterval(keepB);
    expect(performance.now() - start).toBeGreaterThan(250);
    expect(performance.now() - start).toBeLessThan(1_100);
  });

  it('ignore what a known operation takes', async () => {
    const turns = new ClientTurns({ costPerMinute: undefined });
    await turns.enter('b');
    for (let count = 0; count < 200; count++) {
      const turn = await turns.enter('a');
      turn.useProcessor(1);
      turn.beginPlanning();
      turn.end();
    }
    expect(await isSettled(turns.enter('a'))).toBe(true);
  });

  it('are refused after 2 s, and at once when 64 requests wait', async () => {
    let refused = 0;
    const turns = new ClientTurns({ costPerMinute: undefined, onRefusal: () => void refused++ });
    const first = await turns.enter('a');
    const start = performance.now();
    const waiting = Array.from({ length: 64 }, () => turns.enter('a'));
    await expect(turns.enter('a')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(performance.now() - start).toBeLessThan(500);
    const outcomes = await Promise.allSettled(waiting);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(performance.now() - start).toBeGreaterThan(1_900);
    expect({ refused, waiting: turns.waiting }).toEqual({ refused: 65, waiting: 0 });
    first.end();
    expect(await isSettled(turns.enter('a'))).toBe(true);
  });

  it('end once: a second end does not let two requests in', async () => {
    const turns = new ClientTurns({ costPerMinute: undefined });
    const first = await turns.enter('a');
    const second = turns.enter('a');
    const third = turns.enter('a');
    first.end();
    first.end();
    await second;
    expect(await isSettled(third)).toBe(false);
  });
});
