import { type PassingTime, passingTime } from '@pessoa/testkit/passing-time';
import { askOncePerSecond } from '../../src/http/ask-once-per-second.ts';

describe('A function that is called at most once a second', () => {
  let time: PassingTime;
  beforeEach(() => {
    time = passingTime();
  });
  afterEach(() => time.restore());

  it('is called once for a thousand callers within a second', async () => {
    let calls = 0;
    const ask = askOncePerSecond(async () => ++calls);
    expect(new Set(await Promise.all(Array.from({ length: 1_000 }, ask)))).toEqual(new Set([1]));
    time.pass(900);
    expect(await ask()).toBe(1);
  });

  it('is called again after a second', async () => {
    let calls = 0;
    const ask = askOncePerSecond(async () => ++calls);
    await ask();
    time.pass(1_000);
    expect([await ask(), await ask()]).toEqual([2, 2]);
  });

  it('lets later callers wait for a slow answer without another call', async () => {
    let calls = 0;
    const { promise, resolve } = Promise.withResolvers<string>();
    const ask = askOncePerSecond(() => {
      calls++;
      return promise;
    });
    const first = ask();
    time.pass(900);
    const second = ask();
    resolve('slow');
    expect({ first: await first, second: await second, calls }).toEqual({ first: 'slow', second: 'slow', calls: 1 });
  });

  it('fails for the callers of one second, and is called again in the next', async () => {
    let calls = 0;
    const ask = askOncePerSecond(async () => {
      if (calls++ === 0) throw new Error('lost');
      return 'back';
    });
    const results = await Promise.allSettled([ask(), ask()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    time.pass(1_000);
    expect(await ask()).toBe('back');
  });
});
