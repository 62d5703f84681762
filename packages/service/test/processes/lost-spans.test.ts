import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServiceUnderTest, startServiceUnderTest } from './service-under-test.ts';

const KEY = 'chave-do-coletor';

/** A collector that refuses, and quotes the key that it got. */
async function startRefusing(): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(401).end(`no: ${String(request.headers['api-key'])}`));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://user:${KEY}@127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces` };
}

describe('A process whose spans are lost', () => {
  let service: ServiceUnderTest;
  let collector: Awaited<ReturnType<typeof startRefusing>>;
  beforeAll(async () => {
    collector = await startRefusing();
    const env = { TEST_TRACES_URL: collector.url, TEST_TRACES_KEY: KEY, OTEL_BSP_SCHEDULE_DELAY: '50' };
    service = await startServiceUnderTest(1, env);
  });
  afterAll(() => {
    service.child.kill('SIGKILL');
    collector.server.close();
  });

  const lost = async (): Promise<number> =>
    Number(/^pessoa_trace_spans_total\{.*result="lost".*\} (\d+)$/m.exec(await service.metrics())?.[1]);

  it('answers on, counts them, and says so once, without a key', async () => {
    for (let request = 1; request <= 5; request++) {
      expect(await service.ask()).toBe(service.child.pid);
      await service.until(async () => (await lost()) === request);
    }
    await service.until(() => service.output().includes('spans are lost'));
    await sleep(300); // time for a further line
    const lines = service.output().split('\n').filter((line) => line.includes('spans are lost')); // prettier-ignore
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 40, spans: 1, codigo: '401' });
    expect(service.output()).not.toContain(KEY);
  });
});
