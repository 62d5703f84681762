import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/processes/free-port.ts';
import { processEntry } from '../../src/processes/process-table.ts';

const SCRIPT = fileURLToPath(new URL('./worker-service.ts', import.meta.url));

describe('A service in workers', () => {
  let folder: string;
  let port: number;
  let metricsPort: number;
  let service: ChildProcess;
  let output: string;
  const pids = new Set<number>();

  const brokenFile = (): string => join(folder, 'broken');
  const lines = (): Record<string, unknown>[] => output.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pessoa-workers-'));
    [port, metricsPort] = [await freePort(), await freePort()];
    pids.clear();
  });
  afterEach(async () => {
    for (const pid of [service.pid, ...pids]) if (pid && processEntry(pid)) process.kill(pid, 'SIGKILL');
    await rm(folder, { recursive: true });
  });

  async function start(workers: number): Promise<void> {
    output = '';
    const env = {
      ...process.env,
      TEST_WORKERS: String(workers),
      TEST_PORT: String(port),
      TEST_METRICS_PORT: String(metricsPort),
      TEST_BROKEN_FILE: brokenFile(),
    };
    service = spawn(process.execPath, [SCRIPT], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [service.stdout!, service.stderr!]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    }
  }

  async function startAll(workers: number): Promise<void> {
    await start(workers);
    await until(() => listening() === workers + 1); // the primary says it last
  }
  const listening = (): number => output.split('"msg":"listening"').length - 1;

  async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) {
      if (service.exitCode !== null) throw new Error(`the service ended:\n${output}`);
      await sleep(20);
    }
  }

  function ask(agent: Agent | undefined = undefined, path = '/pid'): Promise<number> {
    return new Promise((resolve, reject) => {
      const request = get(
        { port, host: '127.0.0.1', path, agent: agent ?? new Agent({ maxSockets: 1 }) },
        (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
          response.on('end', () => {
            if (response.statusCode !== 200) return reject(new Error(`${response.statusCode}: ${body}`));
            const { pid } = JSON.parse(body) as { pid: number };
            pids.add(pid);
            resolve(pid);
          });
        },
      );
      request.on('error', reject);
    });
  }

  async function askMany(count: number): Promise<Set<number>> {
    const asked = new Set<number>();
    for (let n = 0; n < count; n++) asked.add(await ask());
    return asked;
  }

  it('shares its port and its metrics, and ends whole', async () => {
    await startAll(3);
    const asked = await askMany(30);
    expect(asked.size).toBe(3);
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    const counts = [...metrics.matchAll(/^test_requests_total\{service="test",worker="[0-2]"\} (\d+)$/gm)].map(([, count]) => Number(count)); // prettier-ignore
    expect(counts).toHaveLength(3);
    expect(counts.reduce((sum, count) => sum + count)).toBe(30);
    service.kill('SIGTERM');
    expect(await once(service, 'exit')).toEqual([0, null]);
    expect([...asked].filter((pid) => processEntry(pid))).toEqual([]);
  });

  it('writes lines whole, whichever worker writes them', async () => {
    await startAll(3);
    await Promise.all(Array.from({ length: 12 }, () => ask(undefined, '/lines')));
    await until(() => (output.match(/"text"/g) ?? []).length === 12 * 200);
    await sleep(300); // logs of the requests
    expect(lines().filter(({ text }) => text !== undefined)).toHaveLength(12 * 200);
  });

  it('replaces a worker that ends by itself', async () => {
    await startAll(2);
    const [first] = await askMany(10);
    process.kill(first!, 'SIGKILL');
    await until(() => listening() === 4);
    const asked = await askMany(10);
    expect(asked.has(first!)).toBe(false);
    expect(asked.size).toBe(2);
    expect(lines()).toContainEqual(expect.objectContaining({ msg: 'a worker ended by itself and is replaced', worker: first, signal: 'SIGKILL' })); // prettier-ignore
  });

  /** Sends requests on kept connections, and on new ones, as long as `isOn`. @returns the number of requests */
  async function sendAllTheTime(isOn: () => boolean): Promise<number> {
    let count = 0;
    const client = async (agent: Agent | undefined, pauseMillis: number): Promise<void> => {
      for (; isOn(); count++) {
        await ask(agent);
        await sleep(Math.random() * pauseMillis);
      }
      agent?.destroy();
    };
    const kept = () => new Agent({ keepAlive: true, maxSockets: 1 });
    await Promise.all([...Array.from({ length: 8 }, (_, n) => client(kept(), n * 5)), client(undefined, 0), client(undefined, 1)]); // prettier-ignore
    return count;
  }

  it('loses no request when SIGUSR2 replaces its workers', async () => {
    await startAll(2);
    const before = await askMany(10);
    let isOn = true;
    const sending = sendAllTheTime(() => isOn);
    await sleep(100);
    service.kill('SIGUSR2');
    await until(() => output.includes('the workers are replaced'));
    await until(() => [...before].every((pid) => !processEntry(pid)));
    isOn = false;
    expect(await sending).toBeGreaterThan(100);
    const after = await askMany(10);
    expect(after.size).toBe(2);
    expect([...after].filter((pid) => before.has(pid))).toEqual([]);
  });

  it('has all its workers after SIGUSR2 although an old one ends meanwhile', async () => {
    await startAll(3);
    const before = [...(await askMany(20))];
    service.kill('SIGUSR2');
    await until(() => output.includes('replacing the workers'));
    // They are replaced in the order in which they started: one after the other dies before its turn.
    for (const pid of before.slice(1)) process.kill(pid, 'SIGKILL');
    await until(() => output.includes('the workers are replaced'));
    let after = new Set<number>();
    await until(async () => (after = await askMany(30)).size === 3); // the last one may still start
    expect(before.filter((pid) => after.has(pid))).toEqual([]);
    expect(service.exitCode).toBe(null);
  });

  it.each([1, 2])('ignores SIGUSR2 to a process that has no workers: %i', async (workers) => {
    await start(workers);
    await until(() => listening() === (workers === 1 ? 1 : 3));
    const pid = await ask();
    process.kill(pid, 'SIGUSR2');
    await sleep(200);
    expect((await askMany(10)).has(pid)).toBe(true);
  });

  it('stays as it is when SIGUSR2 finds that a new worker does not start', async () => {
    await startAll(2);
    const before = await askMany(10);
    await writeFile(brokenFile(), '');
    service.kill('SIGUSR2');
    await until(() => output.includes('the new worker did not start: the others stay'));
    expect(output).toContain('test service cannot start: this service is broken');
    expect(await askMany(10)).toEqual(before);
  });

  it('does not start when its first worker does not, and says why once', async () => {
    await writeFile(brokenFile(), '');
    await start(3);
    expect(await once(service, 'exit')).toEqual([1, null]);
    expect(output).toBe('test service cannot start: this service is broken\n');
  });

  it('ends with its primary', async () => {
    await startAll(2);
    const asked = await askMany(10);
    service.kill('SIGKILL');
    while ([...asked].some((pid) => processEntry(pid))) await sleep(20);
    expect(asked.size).toBe(2);
  });
});
