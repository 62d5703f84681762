import { type PassingTime, passingTime } from '@pessoa/testkit/passing-time';
import { askOncePerSecond } from '../../src/http/ask-once-per-second.ts';

describe('What is asked once a second', () => {
  let time: PassingTime;
  beforeEach(() => {
    time = passingTime();
  });
  afterEach(() => time.restore());

  it('answers a thousand callers of the same second with one question', async () => {
    let asked = 0;
    const ask = askOncePerSecond(async () => ++asked);
    expect(new Set(await Promise.all(Array.from({ length: 1_000 }, ask)))).toEqual(new Set([1]));
    time.pass(900);
    expect(await ask()).toBe(1);
  });

  it('is asked again after it', async () => {
    let asked = 0;
    const ask = askOncePerSecond(async () => ++asked);
    await ask();
    time.pass(1_000);
    expect([await ask(), await ask()]).toEqual([2, 2]);
  });

  it('has callers wait for one slow answer, and none of them starts another', async () => {
    let asked = 0;
    const { promise, resolve } = Promise.withResolvers<string>();
    const ask = askOncePerSecond(() => {
      asked++;
      return promise;
    });
    const first = ask();
    time.pass(900);
    const second = ask();
    resolve('slow');
    expect([await second, await first, asked]).toEqual(['slow', 'slow', 1]);
  });

  it('that fails fails for the callers of that second alone', async () => {
    let asked = 0;
    const ask = askOncePerSecond(async () => {
      if (asked++ === 0) throw new Error('lost');
      return 'back';
    });
    const both = await Promise.allSettled([ask(), ask()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    time.pass(1_000);
    expect(await ask()).toBe('back');
  });
});
