import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHttpService, type HttpService } from '@pessoa/service/http/http-service';
import type { Viewer } from '@pessoa/service/identity/viewer';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { clientTurnHook } from '../../src/limits/client-turn-hook.ts';

describe('A request that waits for the turn of its client', () => {
  const metrics = createMetrics('router');
  const handled: string[] = [];
  let service: HttpService;
  let url: string;
  let endFirst: () => void;

  beforeAll(async () => {
    const { logger } = testLog();
    service = createHttpService({ logger });
    const first = new Promise<void>((resolve) => (endFirst = resolve));
    service.app.get<{ Params: { name: string } }>('/:name', {
      onRequest: async ({ facts }) => void (facts.viewer = { clientId: 'a' } as Viewer),
      preHandler: clientTurnHook({ quotas: {} } as never, metrics),
      handler: async ({ params }) => {
        handled.push(params.name);
        if (params.name === 'first') await first;
        return params.name;
      },
    });
    url = await service.app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => service.app.close());

  const waiting = async (): Promise<number> =>
    Number(/^pessoa_turns_waiting\{.*\} (\d+)$/m.exec(await metrics.metrics())?.[1]);
  async function untilWaiting(count: number): Promise<void> {
    const deadline = performance.now() + 10_000;
    while ((await waiting()) !== count && performance.now() < deadline) await sleep(5);
    expect(await waiting()).toBe(count);
  }
  const send = (name: string) => {
    const sent = request(`${url}/${name}`, { agent: new Agent() });
    sent.on('error', () => {}).end();
    return sent;
  };

  it('is not run when its client has left meanwhile, and the next one is', async () => {
    send('first');
    const deadline = performance.now() + 10_000;
    while (handled.length === 0 && performance.now() < deadline) await sleep(5);
    const gone = send('gone');
    await untilWaiting(1);
    const next = send('next');
    const answered = once(next, 'response');
    await untilWaiting(2);
    gone.destroy();
    await sleep(200); // until the server has seen it
    endFirst();
    await answered;
    expect(handled).toEqual(['first', 'next']);
  });
});
