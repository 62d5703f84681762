import { setImmediate } from 'node:timers/promises';
import { type PassingTime, passingTime } from '@pessoa/testkit/passing-time';
import { createBreaker } from '../../src/resilience/breaker.ts';
import { asServedRequest, currentServedRequest } from '../../src/resilience/served-request.ts';

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

describe('A breaker counts callers, not calls', () => {
  let time: PassingTime;
  beforeEach(() => {
    time = passingTime();
  });
  afterEach(() => time.restore());

  const lost = new Lost('lost');
  const repeat = (call: () => Promise<string>, count = 40): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, call));

  it('forty failures of one request at once count as one, and each call gets its own error', async () => {
    const { breaker, call } = guarded();
    expect(await asServedRequest(() => repeat(() => call(lost)))).toEqual(Array(40).fill('lost'));
    expect(breaker.state()).toBe('degradada');
    expect(await asServedRequest(() => call())).toBe('answered');
  });

  it('failures of one request with pauses between them count as one too', async () => {
    const { breaker, call } = guarded();
    await asServedRequest(async () => {
      for (let round = 0; round < 15; round++) {
        await setImmediate();
        time.pass(100);
        await call(lost);
      }
    });
    expect(breaker.state()).toBe('degradada');
  });

  it('failures of ten requests open it, however many calls each of them makes', async () => {
    const { breaker, call } = guarded();
    for (let caller = 0; caller < 9; caller++) await asServedRequest(() => repeat(() => call(lost), 3));
    expect(breaker.state()).toBe('degradada');
    await asServedRequest(() => call(lost));
    expect(breaker.state()).toBe('fora');
  });

  it('without a request, each failure counts', async () => {
    const { breaker, call } = guarded();
    expect(currentServedRequest()).toBe(undefined);
    for (let round = 0; round < 10; round++) await call(lost);
    expect(breaker.state()).toBe('fora');
  });

  it('a failed probe keeps it open, even if a failure of its caller was counted before', async () => {
    const { breaker, call } = guarded();
    await asServedRequest(async () => {
      await call(lost);
      for (let round = 0; round < 9; round++) await asServedRequest(() => call(lost));
      expect(breaker.state()).toBe('fora');
      time.pass(200);
      expect(await call(lost)).toBe('lost');
      expect(await call()).toBe('refused');
    });
    time.pass(200);
    expect(await call()).toBe('answered');
    expect(breaker.state()).toBe('ok');
  });

  it('each breaker counts a caller on its own', async () => {
    const sources = [guarded(), guarded()];
    for (let caller = 0; caller < 10; caller++) {
      await asServedRequest(async () => {
        for (const { call } of sources) await call(lost);
      });
    }
    expect(sources.map(({ breaker }) => breaker.state())).toEqual(['fora', 'fora']);
  });

  it('errors that are not failures of the source pass through and do not count', async () => {
    const { breaker, call } = guarded();
    expect(await asServedRequest(() => repeat(() => call(new Error('bug'))))).toEqual(Array(40).fill('bug'));
    expect(breaker.state()).toBe('ok');
  });
});
