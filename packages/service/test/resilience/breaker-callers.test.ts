import { setImmediate } from 'node:timers/promises';
import { asCaller } from '@pessoa/testkit/as-caller';
import { type PassingTime, passingTime } from '@pessoa/testkit/passing-time';
import { createBreaker } from '../../src/resilience/breaker.ts';
import { currentCaller } from '../../src/resilience/caller.ts';

class Lost extends Error {}

function guarded(probeAfterMillis = 150) {
  const breaker = createBreaker({
    probeAfterMillis,
    isFailure: (error) => error instanceof Lost,
    refusal: () => new Error('refused'),
  });
  const call = (error?: Error): Promise<string> =>
    breaker
      .run(() => (error ? Promise.reject(error) : Promise.resolve('answered')))
      .catch((thrown: Error) => thrown.message);
  return { breaker, call };
}

describe('One request’s own fan-out opens nobody’s breaker', () => {
  let time: PassingTime;
  beforeEach(() => {
    time = passingTime();
  });
  afterEach(() => time.restore());

  const lost = new Lost('lost');
  const many = (call: () => Promise<string>, count = 40): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, call));

  it('forty calls of one request that fail at once count as one, and each is told its own error', async () => {
    const { breaker, call } = guarded();
    expect(await asCaller(() => many(() => call(lost)))).toEqual(Array(40).fill('lost'));
    expect({ state: breaker.state(), other: await asCaller(() => call()) }).toEqual({
      state: 'degradada',
      other: 'answered',
    });
  });

  it('calls that follow one another, after pauses, count as one too', async () => {
    const { breaker, call } = guarded();
    await asCaller(async () => {
      for (let round = 0; round < 15; round++) {
        await setImmediate();
        time.pass(100);
        await call(lost);
      }
    });
    expect(breaker.state()).toBe('degradada');
  });

  it('ten requests that fail open it, whatever each of them does beside', async () => {
    const { breaker, call } = guarded();
    for (let caller = 0; caller < 9; caller++) await asCaller(() => many(() => call(lost), 3));
    expect(breaker.state()).toBe('degradada');
    await asCaller(() => call(lost));
    expect(breaker.state()).toBe('fora');
  });

  it('work that no request asked for counts call by call', async () => {
    const { breaker, call } = guarded();
    expect(currentCaller()).toBe(undefined);
    for (let round = 0; round < 10; round++) await call(lost);
    expect(breaker.state()).toBe('fora');
  });

  it('a probe that fails keeps it open, also of a caller who was counted before', async () => {
    const { breaker, call } = guarded();
    await asCaller(async () => {
      await call(lost);
      for (let round = 0; round < 9; round++) await asCaller(() => call(lost));
      expect(breaker.state()).toBe('fora');
      time.pass(200);
      expect(await call(lost)).toBe('lost');
      expect(await call()).toBe('refused');
    });
    time.pass(200);
    expect(await call()).toBe('answered');
    expect(breaker.state()).toBe('ok');
  });

  it('two breakers count a caller each for itself', async () => {
    const [one, other] = [guarded(), guarded()];
    for (let caller = 0; caller < 10; caller++) {
      await asCaller(async () => {
        await one.call(lost);
        await other.call(lost);
      });
    }
    expect([one.breaker.state(), other.breaker.state()]).toEqual(['fora', 'fora']);
  });

  it('errors that are no failure of the source stay what they are', async () => {
    const { breaker, call } = guarded();
    expect(await asCaller(() => many(() => call(new Error('bug'))))).toEqual(Array(40).fill('bug'));
    expect(breaker.state()).toBe('ok');
  });
});
