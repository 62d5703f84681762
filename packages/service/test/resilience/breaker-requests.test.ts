import { type PassingTime, passingTime } from '@pessoa/testkit/passing-time';
import { createBreaker } from '../../src/resilience/breaker.ts';
import { serve } from '../http/test-server.ts';

class Lost extends Error {}
class Gone extends Error {}

function guarded(probeAfterMillis = 60_000) {
  const breaker = createBreaker({
    probeAfterMillis,
    isFailure: (error) => error instanceof Lost,
    isInconclusive: (error) => error instanceof Gone,
    refusal: () => new Error('refused'),
  });
  const run = (work: () => Promise<unknown>): Promise<string> =>
    breaker.run(work).then(
      () => 'answered',
      (error: unknown) => (error as Error).message,
    );
  return {
    breaker,
    fail: () => run(() => Promise.reject(new Lost('lost'))),
    leave: () => run(() => Promise.reject(new Gone('gone'))),
    answer: () => run(() => Promise.resolve()),
  };
}

const times = <T>(count: number, work: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, work));

describe('One request opens nobody’s breaker', () => {
  let time: PassingTime;
  beforeEach(() => {
    time = passingTime();
  });
  afterEach(() => time.restore());

  /** A process whose route asks a source as often as the request says. */
  async function serveAsking(ask: () => Promise<string>) {
    const open = await serve({}, (app) =>
      app.post('/ask', async ({ body }) => {
        const { calls, inTurn } = body as { calls: number; inTurn?: boolean };
        if (!inTurn) return times(calls, ask);
        const outcomes: string[] = [];
        for (let call = 0; call < calls; call++) outcomes.push(await ask());
        return outcomes;
      }),
    );
    const request = async (body: object): Promise<string[]> => {
      const answer = await fetch(`http://127.0.0.1:${open.port}/ask`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return (await answer.json()) as string[];
    };
    return { request, close: open.close };
  }

  it.each([
    ['at once', false],
    ['one after the other', true],
  ])('a hundred failures of one request count once: %s', async (_how, inTurn) => {
    const { breaker, fail } = guarded();
    const { request, close } = await serveAsking(fail);
    for (let round = 0; round < 9; round++) {
      expect(await request({ calls: 100, inTurn })).toEqual(Array(100).fill('lost'));
    }
    expect(breaker.state()).toBe('degradada');
    await request({ calls: 1 });
    expect(breaker.state()).toBe('fora'); // ten requests are ten
    await close();
  });

  it('failures of a request after its answers count once as well', async () => {
    const { breaker, answer, fail } = guarded();
    let call = 0;
    const { request, close } = await serveAsking(() => (call++ < 5 ? answer() : fail()));
    await request({ calls: 30, inTurn: true });
    expect(breaker.state()).toBe('degradada');
    expect(await answer()).toBe('answered');
    await close();
  });

  it('what nobody asked for counts each time', async () => {
    const { breaker, fail } = guarded();
    await times(10, fail);
    expect(breaker.state()).toBe('fora');
  });

  it('whoever goes away counts as nothing', async () => {
    const { breaker, leave, fail } = guarded();
    await times(100, leave);
    expect(breaker.state()).toBe('ok');
    await times(9, fail);
    expect(breaker.state()).toBe('degradada');
  });

  it('nor does it close a breaker that is open, by going away as its probe', async () => {
    const { breaker, leave, fail, answer } = guarded(50);
    await times(10, fail);
    time.pass(60);
    expect(await leave()).toBe('gone');
    expect(await answer()).toBe('refused');
    time.pass(60);
    expect(await answer()).toBe('answered');
    expect(breaker.state()).toBe('ok');
  });
});
