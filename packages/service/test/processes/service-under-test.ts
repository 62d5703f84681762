import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/processes/free-port.ts';

const SCRIPT = fileURLToPath(new URL('./worker-service.ts', import.meta.url));

/** A running worker-service.ts. */
export interface ServiceUnderTest {
  readonly child: ChildProcess;
  readonly url: string;
  output(): string;
  /** The text of its metrics. */
  metrics(): Promise<string>;
  until(condition: () => boolean | Promise<boolean>): Promise<void>;
  /** The pid of the process or worker that answers; each request has a new connection. */
  ask(): Promise<number>;
}

/** Starts worker-service.ts, and waits until all of it listens. */
export async function startServiceUnderTest(
  workers: number,
  env: Readonly<Record<string, string>> = {},
): Promise<ServiceUnderTest> {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const places = { TEST_WORKERS: String(workers), TEST_PORT: String(port), TEST_METRICS_PORT: String(metricsPort) };
  const child = spawn(process.execPath, [SCRIPT], { env: { ...process.env, ...places, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }); // prettier-ignore
  let output = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const until: ServiceUnderTest['until'] = async (condition) => {
    while (!(await condition())) {
      if (child.exitCode !== null) throw new Error(`the service ended:\n${output}`);
      await sleep(20);
    }
  };
  const url = `http://127.0.0.1:${port}`;
  const listening = workers === 1 ? 1 : workers + 1; // the primary says it last
  await until(() => output.split('"msg":"listening"').length > listening);
  return {
    child,
    url,
    output: () => output,
    metrics: async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
    until,
    async ask() {
      const response = await fetch(`${url}/pid`, { headers: { connection: 'close' } });
      return ((await response.json()) as { pid: number }).pid;
    },
  };
}
