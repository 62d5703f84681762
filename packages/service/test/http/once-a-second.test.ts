import { setTimeout as sleep } from 'node:timers/promises';
import { onceASecond } from '../../src/http/once-a-second.ts';

describe('What is asked once a second', () => {
  it('answers a thousand callers of the same second with one question', async () => {
    let asked = 0;
    const ask = onceASecond(async () => ++asked);
    expect(new Set(await Promise.all(Array.from({ length: 1_000 }, ask)))).toEqual(new Set([1]));
    await sleep(20);
    expect(await ask()).toBe(1);
  });

  it('is asked again after it', async () => {
    let asked = 0;
    const ask = onceASecond(async () => ++asked);
    await ask();
    await sleep(1_010);
    expect([await ask(), await ask()]).toEqual([2, 2]);
  });

  it('has callers wait for one slow answer, and none of them starts another', async () => {
    let asked = 0;
    const ask = onceASecond(async () => {
      asked++;
      await sleep(100);
      return 'slow';
    });
    const first = ask();
    await sleep(20);
    expect([await ask(), await first, asked]).toEqual(['slow', 'slow', 1]);
  });

  it('that fails fails for the callers of that second alone', async () => {
    let asked = 0;
    const ask = onceASecond(async () => {
      if (asked++ === 0) throw new Error('lost');
      return 'back';
    });
    const both = await Promise.allSettled([ask(), ask()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await sleep(1_010);
    expect(await ask()).toBe('back');
  });
});
