import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type StartingService, waitUntilReady } from '../../src/start/readiness.ts';

/** A service as `npm start` sees it while it starts. */
interface FakeService extends StartingService {
  answer: { status: number; fontes?: Record<string, string> } | undefined;
  readonly server: Server;
}

describe('npm start', () => {
  let services: FakeService[];
  let reports: string[];
  beforeEach(async () => {
    reports = [];
    services = await Promise.all([
      open('debt', 'Base A', 'divida'),
      open('score', 'Base B', 'score'),
      open('router', undefined, undefined),
    ]);
  });
  afterEach(() => services.forEach(({ server }) => server.close()));

  async function open(name: string, base: string | undefined, fonte: string | undefined): Promise<FakeService> {
    const server = createServer((request, response) => {
      const { answer } = services.find((service) => service.name === name)!;
      if (!answer) return void request.socket.destroy();
      response.writeHead(answer.status).end(JSON.stringify({ fontes: answer.fontes ?? {} }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { name, url, base, fonte, server, answer: undefined };
  }
  const set = (name: string, answer: FakeService['answer']): void => {
    services.find((service) => service.name === name)!.answer = answer;
  };
  const start = (...servicesWithoutSource: string[]): { ready: Promise<void>; isReady: () => boolean } => {
    let isReady = false;
    const ready = waitUntilReady(services, {
      say: (line) => reports.push(line),
      servicesWithoutSource: new Set(servicesWithoutSource),
    }).then(() => {
      isReady = true;
    });
    return { ready, isReady: () => isReady };
  };
  const waitForReport = async (part: string): Promise<void> => {
    while (!reports.some((line) => line.includes(part))) await sleep(20);
  };

  it('reports each base and service that it waits for, and is ready when the last one is', async () => {
    const { ready, isReady } = start();
    await waitForReport('debt (its process is starting), score (its process is starting), router');
    set('debt', { status: 200, fontes: { divida: 'ok' } });
    set('score', { status: 503, fontes: { score: 'fora' } });
    set('router', { status: 503, fontes: { divida: 'ok', score: 'fora' } });
    await waitForReport('waiting for score (Base B does not answer yet), router (does not reach score yet)');
    expect(isReady()).toBe(false);
    set('score', { status: 200, fontes: { score: 'ok' } });
    await waitForReport('waiting for router (does not reach score yet)');
    set('router', { status: 503, fontes: { divida: 'ok', score: 'ok' } });
    await waitForReport('router (does not have its keys yet)');
    set('router', { status: 200 });
    await ready;
  });

  it('reports nothing when everything is ready at once', async () => {
    for (const { name } of services) set(name, { status: 200 });
    await start().ready;
    expect(reports).toEqual([]);
  });

  it('does not wait for a base that is disabled', async () => {
    set('debt', { status: 200 });
    set('score', { status: 503, fontes: { score: 'fora' } });
    set('router', { status: 503, fontes: { divida: 'ok', score: 'fora' } });
    await start('score').ready;
  });

  it('waits for the other bases when one is disabled', async () => {
    set('debt', { status: 503, fontes: { divida: 'fora' } });
    set('score', { status: 503, fontes: { score: 'fora' } });
    set('router', { status: 503, fontes: { divida: 'fora', score: 'fora' } });
    const { ready, isReady } = start('score');
    await waitForReport('waiting for debt (Base A does not answer yet), router (does not reach divida yet)');
    expect(isReady()).toBe(false);
    set('debt', { status: 200 });
    set('router', { status: 503, fontes: { divida: 'ok', score: 'fora' } });
    await ready;
  });
});
