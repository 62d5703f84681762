import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type StartingService, untilReady } from '../../src/start/readiness.ts';

/** A service as `npm start` sees it while it starts. */
interface FakeService extends StartingService {
  answer: { status: number; fontes?: Record<string, string> } | undefined;
  readonly server: Server;
}

describe('npm start waits', () => {
  let services: FakeService[];
  let said: string[];
  beforeEach(async () => {
    said = [];
    services = await Promise.all([
      open('debt', 'Base A', 'divida'),
      open('score', 'Base B', 'score'),
      open('router', undefined, undefined),
    ]);
  });
  afterEach(() => services.forEach(({ server }) => server.close()));

  async function open(name: string, source: string | undefined, fonte: string | undefined): Promise<FakeService> {
    const server = createServer((request, response) => {
      const { answer } = services.find((one) => one.name === name)!;
      if (!answer) return void request.socket.destroy();
      response.writeHead(answer.status).end(JSON.stringify({ fontes: answer.fontes ?? {} }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { name, url, source, fonte, server, answer: undefined };
  }
  const set = (name: string, answer: FakeService['answer']): void => {
    services.find((one) => one.name === name)!.answer = answer;
  };
  const start = (...leftOut: string[]): { ready: Promise<void>; isReady: () => boolean } => {
    let isReady = false;
    const ready = untilReady(services, { say: (text) => said.push(text), leftOut: new Set(leftOut) }).then(() => {
      isReady = true;
    });
    return { ready, isReady: () => isReady };
  };
  const untilSaid = async (text: string): Promise<void> => {
    while (!said.some((line) => line.includes(text))) await sleep(20);
  };

  it('for each source by its name, says what for, and is ready once the last one has come', async () => {
    const { ready, isReady } = start();
    await untilSaid('debt (its process is starting), score (its process is starting), router');
    set('debt', { status: 200, fontes: { divida: 'ok' } });
    set('score', { status: 503, fontes: { score: 'fora' } });
    set('router', { status: 503, fontes: { divida: 'ok', score: 'fora' } });
    await untilSaid('waiting for score (Base B does not answer yet), router (does not reach score yet)');
    expect(isReady()).toBe(false);
    set('score', { status: 200, fontes: { score: 'ok' } });
    await untilSaid('waiting for router (does not reach score yet)');
    set('router', { status: 503, fontes: { divida: 'ok', score: 'ok' } });
    await untilSaid('router (does not have its keys yet)');
    set('router', { status: 200 });
    await ready;
  });

  it('and says nothing when all is there at once', async () => {
    for (const { name } of services) set(name, { status: 200 });
    await start().ready;
    expect(said).toEqual([]);
  });

  it('for no source that is left out', async () => {
    set('debt', { status: 200 });
    set('score', { status: 503, fontes: { score: 'fora' } });
    set('router', { status: 503, fontes: { divida: 'ok', score: 'fora' } });
    await start('score').ready;
  });

  it('also when one is left out, for the others', async () => {
    set('debt', { status: 503, fontes: { divida: 'fora' } });
    set('score', { status: 503, fontes: { score: 'fora' } });
    set('router', { status: 503, fontes: { divida: 'fora', score: 'fora' } });
    const { ready, isReady } = start('score');
    await untilSaid('waiting for debt (Base A does not answer yet), router (does not reach divida yet)');
    expect(isReady()).toBe(false);
    set('debt', { status: 200 });
    set('router', { status: 503, fontes: { divida: 'ok', score: 'fora' } });
    await ready;
  });
});
