import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/processes/free-port.ts';

const SCRIPT = fileURLToPath(new URL('./worker-service.ts', import.meta.url));
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
  let service: ChildProcess;
  let output = '';
  let collector: Awaited<ReturnType<typeof startRefusing>>;
  let [port, metricsPort] = [0, 0];

  beforeAll(async () => {
    [port, metricsPort, collector] = [await freePort(), await freePort(), await startRefusing()];
    const env = {
      ...process.env,
      TEST_WORKERS: '1',
      TEST_PORT: String(port),
      TEST_METRICS_PORT: String(metricsPort),
      TEST_TRACES_URL: collector.url,
      TEST_TRACES_KEY: KEY,
      OTEL_BSP_SCHEDULE_DELAY: '50',
    };
    service = spawn(process.execPath, [SCRIPT], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [service.stdout!, service.stderr!])
      stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    while (!output.includes('"msg":"listening"')) await sleep(20);
  });
  afterAll(() => {
    service.kill('SIGKILL');
    collector.server.close();
  });

  const lost = async (): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    return Number(/^pessoa_trace_spans_total\{.*result="lost".*\} (\d+)$/m.exec(text)?.[1]);
  };

  it('answers on, counts them, and says so once, without a key', async () => {
    for (let request = 1; request <= 5; request++) {
      const response = await fetch(`http://127.0.0.1:${port}/pid`);
      expect(response.status).toBe(200);
      while ((await lost()) < request) await sleep(20);
    }
    while (!output.includes('spans are lost')) await sleep(20);
    await sleep(300); // time for a further line
    const lines = output.split('\n').filter((line) => line.includes('spans are lost'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 40, spans: 1, codigo: '401' });
    expect(output).not.toContain(KEY);
  });
});
