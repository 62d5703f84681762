import { type PassingTime, passingTime } from '@pessoa/testkit/passing-time';
import { createBreaker } from '../../src/resilience/breaker.ts';

class Lost extends Error {}

function guarded(probeAfterMillis = 200) {
  const breaker = createBreaker({
    probeAfterMillis,
    isFailure: (error) => error instanceof Lost,
    refusal: () => new Error('refused'),
  });
  let calls = 0;
  const run = async (work: () => Promise<unknown>): Promise<string> => {
    try {
      await breaker.run(() => {
        calls++;
        return work();
      });
      return 'answered';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const fail = () => run(() => Promise.reject(new Lost('lost')));
  const answer = () => run(() => Promise.resolve());
  return { breaker, run, fail, answer, calls: () => calls };
}

describe('A breaker', () => {
  let time: PassingTime;
  beforeEach(() => {
    time = passingTime();
  });
  afterEach(() => time.restore());

  it('opens when half of ten calls have failed, and then makes no more calls', async () => {
    const { breaker, fail, answer, calls } = guarded();
    for (let round = 0; round < 5; round++) await answer();
    for (let round = 0; round < 4; round++) expect(await fail()).toBe('lost');
    expect(breaker.state()).toBe('degradada');
    expect(await answer()).toBe('answered');
    expect(breaker.state()).toBe('ok');
    for (let round = 0; round < 3; round++) await fail();
    expect(breaker.state()).toBe('fora');
    const before = calls();
    for (let round = 0; round < 5; round++) expect(await answer()).toBe('refused');
    expect(calls()).toBe(before);
  });

  it('stays closed below ten calls, even if all fail', async () => {
    const { breaker, fail } = guarded();
    for (let round = 0; round < 9; round++) expect(await fail()).toBe('lost');
    expect(breaker.state()).toBe('degradada');
    await fail();
    expect(breaker.state()).toBe('fora');
  });

  it('does not count errors that are not failures of the source', async () => {
    const { breaker, run } = guarded();
    for (let round = 0; round < 20; round++) expect(await run(() => Promise.reject(new Error('bug')))).toBe('bug');
    expect(breaker.state()).toBe('ok');
  });

  it('lets one probe through after a time: an answer closes it, a failure keeps it open', async () => {
    const { breaker, run, fail, answer, calls } = guarded();
    for (let round = 0; round < 10; round++) await fail();
    time.pass(220);
    const before = calls();
    expect(await fail()).toBe('lost');
    expect(await answer()).toBe('refused');
    expect(calls()).toBe(before + 1);
    time.pass(220);
    const { promise: slow, resolve } = Promise.withResolvers<void>();
    const probe = run(() => slow);
    expect(await answer()).toBe('refused');
    resolve();
    expect(await probe).toBe('answered');
    expect(await answer()).toBe('answered');
    expect(breaker.state()).toBe('ok');
  });

  it('is no longer fora once the next call may probe, whether or not anybody asks', async () => {
    const { breaker, run, fail, answer } = guarded();
    for (let round = 0; round < 10; round++) await fail();
    time.pass(150);
    expect(breaker.state()).toBe('fora');
    time.pass(70);
    expect(breaker.state()).toBe('degradada');
    const { promise: slow, resolve } = Promise.withResolvers<void>();
    const probe = run(() => slow);
    expect(breaker.state()).toBe('fora'); // others are refused
    resolve();
    await probe;
    expect(breaker.state()).toBe('ok');
    for (let round = 0; round < 20; round++) await fail();
    expect(breaker.state()).toBe('fora');
    time.pass(220);
    await fail(); // a probe that fails opens it again
    expect(breaker.state()).toBe('fora');
    time.pass(220);
    expect(breaker.state()).toBe('degradada');
    expect(await answer()).toBe('answered');
  });

  it('refuses other calls at once while a probe hangs', async () => {
    const { run, fail, answer, calls } = guarded();
    for (let round = 0; round < 10; round++) await fail();
    time.pass(220);
    const before = calls();
    const { promise: silence, reject } = Promise.withResolvers<void>();
    const probe = run(() => silence);
    for (let round = 0; round < 5; round++) expect(await answer()).toBe('refused');
    expect(calls()).toBe(before + 1);
    reject(new Lost('lost'));
    expect(await probe).toBe('lost');
  });
});
