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

describe('A breaker behind an HTTP server', () => {
  let time: PassingTime;
  beforeEach(() => {
    time = passingTime();
  });
  afterEach(() => time.restore());

  /** Starts a server whose route calls a source as often as the request says. */
  async function serveCalls(callSource: () => Promise<string>) {
    const server = await serve({}, (app) =>
      app.post('/ask', async ({ body }) => {
        const { calls, inTurn } = body as { calls: number; inTurn?: boolean };
        if (!inTurn) return times(calls, callSource);
        const outcomes: string[] = [];
        for (let call = 0; call < calls; call++) outcomes.push(await callSource());
        return outcomes;
      }),
    );
    const request = async (body: object): Promise<string[]> => {
      const answer = await fetch(`http://127.0.0.1:${server.port}/ask`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return (await answer.json()) as string[];
    };
    return { request, close: server.close };
  }

  it.each([
    ['at once', false],
    ['one after the other', true],
  ])('counts a hundred failures of one request as one: %s', async (_title, inTurn) => {
    const { breaker, fail } = guarded();
    const { request, close } = await serveCalls(fail);
    for (let round = 0; round < 9; round++) {
      expect(await request({ calls: 100, inTurn })).toEqual(Array(100).fill('lost'));
    }
    expect(breaker.state()).toBe('degradada');
    await request({ calls: 1 });
    expect(breaker.state()).toBe('fora'); // this is the tenth request
    await close();
  });

  it('counts the failures of a request as one, even after calls that were answered', async () => {
    const { breaker, answer, fail } = guarded();
    let call = 0;
    const { request, close } = await serveCalls(() => (call++ < 5 ? answer() : fail()));
    await request({ calls: 30, inTurn: true });
    expect(breaker.state()).toBe('degradada');
    expect(await answer()).toBe('answered');
    await close();
  });

  it('counts each failure of work that no request asked for', async () => {
    const { breaker, fail } = guarded();
    await times(10, fail);
    expect(breaker.state()).toBe('fora');
  });

  it('does not count a call whose client goes away', async () => {
    const { breaker, leave, fail } = guarded();
    await times(100, leave);
    expect(breaker.state()).toBe('ok');
    await times(9, fail);
    expect(breaker.state()).toBe('degradada');
  });

  it('stays open when the client of its probe goes away', async () => {
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
