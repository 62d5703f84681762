import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { DRAIN_MILLIS, RETIRE_MILLIS } from '../http/http-service.ts';
import type { Logger } from '../logging/logger.ts';
import type { MetricsAddress } from '../metrics/metrics.ts';
import { readWorkerMetrics, serveMetricsOfWorkers } from '../metrics/metrics-server.ts';
import { showWorkers } from '../metrics/worker-metrics.ts';
import { askWorkers } from './ask-workers.ts';
import { SUPERVISED } from './end-of-process.ts';
import type { RunningService } from './process.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';
import { workerSlots } from './worker-slots.ts';

/** How a process is run, from its settings. */
export interface ProcessSettings {
  /** The number of worker processes that share the ports; 1 runs the service in this process. */
  readonly workers: number;
  readonly metricsAddress: MetricsAddress | undefined;
}

/** The signal that replaces all workers, one after the other. */
export const RESTART_SIGNAL = 'SIGUSR2';

/** A worker that ends by itself is replaced at once; the next time within a minute, after a pause that doubles each time. */
const PAUSE_MILLIS = 1_000;
const PAUSE_MAX_MILLIS = 30_000;
const CALM_MILLIS = 60_000;

/** A worker that has not listened after this time is killed. */
const START_MILLIS = 60_000;
/** A worker that has not drained after this time is killed. */
const END_MILLIS = DRAIN_MILLIS + 2_500;

/** In a worker: tells the primary that the service listens, and does what the primary wants. */
export function reportToPrimary(service: RunningService, retire: () => void): void {
  const report = (message: FromWorker): void => void process.send?.(message);
  process.on('message', async ({ pessoa }: ToWorker) => {
    if (pessoa === 'retire') retire();
    if (pessoa === 'metrics') report({ pessoa, metrics: await readWorkerMetrics().catch(() => []) });
  });
  report({ pessoa: 'listening', url: service.url });
}

export const isWorker = (): boolean => cluster.isWorker;

/**
 * Runs a service in several processes that share its ports. A worker that ends by itself is replaced. SIGUSR2 replaces all of them
 * without losing a request: the new one listens before the old one retires, and an old one answers on its connections until
 * its clients have closed them.
 *
 * @throws WorkerStartError when one of the first workers does not start
 */
export async function runWorkers(
  name: string,
  { workers: count, metricsAddress }: ProcessSettings,
  logger: Logger,
): Promise<RunningService> {
  // As JSON, a metric that is NaN or Infinity would come as null, and count as 0.
  cluster.setupPrimary({
    args: process.argv.slice(2).filter((arg) => arg !== SUPERVISED),
    serialization: 'advanced',
  });
  /** The current ones; not those that start or retire. */
  const current = new Set<Worker>();
  let starting = 0;
  let isEnding = false;
  let failedAt = -Infinity;
  let pause = 0;
  const slots = workerSlots();
  const asked = askWorkers(logger, slots.of);
  const shown = showWorkers(name, { wanted: count, running: () => current.size, hung: asked.hung });

  /** @returns the address of a new worker. @throws WorkerStartError when it does not start */
  async function start(): Promise<string> {
    const worker = slots.give(cluster.fork(), allWorkers());
    worker.on('error', (err) => logger.error({ worker: worker.process.pid, err }, 'a worker cannot be reached'));
    starting += 1;
    const url = await listening(worker).finally(() => (starting -= 1));
    current.add(worker);
    worker.once('exit', (code, signal) => {
      if (!current.delete(worker) || isEnding) return;
      shown.ended();
      logger.error({ worker: worker.process.pid, code, signal }, 'a worker ended by itself and is replaced');
      void fill();
    });
    return url;
  }

  const isFull = (): boolean => current.size + starting >= count;

  /** Starts what is missing, after a pause when workers end too often. */
  async function fill(): Promise<void> {
    if (isFull()) return;
    pause =
      performance.now() - failedAt > CALM_MILLIS ? 0 : Math.min(Math.max(PAUSE_MILLIS, pause * 2), PAUSE_MAX_MILLIS);
    failedAt = performance.now();
    await sleep(pause);
    while (!isEnding && !isFull()) {
      await start().catch((err: unknown) => {
        if (isEnding) return undefined;
        logger.error({ err }, 'a worker did not start');
        return fill();
      });
    }
  }

  async function restart(): Promise<void> {
    logger.info({ workers: current.size }, 'replacing the workers');
    for (const old of [...current]) {
      if (isEnding) return;
      if (!current.has(old)) continue; // it has ended by itself
      try {
        await start();
      } catch (err) {
        if (!isEnding) logger.error({ err }, 'the new worker did not start: the others stay');
        return;
      }
      if (current.delete(old)) retire(old);
    }
    await fill(); // one that ended meanwhile was not replaced while a new one started
    if (!isEnding) logger.info({ workers: current.size }, 'the workers are replaced');
  }

  const metrics = await serveMetricsOfWorkers(metricsAddress, logger, async () => {
    const answers = await asked.metricsOf(allWorkers().filter(isListening));
    return [await shown.read(), ...answers];
  });
  const first = start();
  // The others start when the first has shown that the settings are good.
  let running: Promise<unknown> = first.then(() => Promise.all(Array.from({ length: count - 1 }, start)));
  const onRestart = (): void => void (running = running.then(restart));
  process.on(RESTART_SIGNAL, onRestart);
  await running;
  return {
    logger,
    url: await first,
    metricsUrl: metrics.url,
    async close() {
      isEnding = true;
      await Promise.all(allWorkers().map(end));
      await metrics.close();
      process.off(RESTART_SIGNAL, onRestart);
    },
  };
}

const allWorkers = (): Worker[] => Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);

const listeningWorkers = new WeakSet<Worker>();
/** Also true of one that retires. */
const isListening = (worker: Worker): boolean => listeningWorkers.has(worker) && worker.isConnected();

/** Kills a worker that has not ended in time. */
function killAfter(worker: Worker, millis: number): void {
  const timer = setTimeout(() => worker.process.kill('SIGKILL'), millis).unref();
  worker.once('exit', () => clearTimeout(timer));
}

function retire(worker: Worker): void {
  killAfter(worker, RETIRE_MILLIS + END_MILLIS);
  worker.send({ pessoa: 'retire' } satisfies ToWorker, () => {}); // it may have ended
}

async function end(worker: Worker): Promise<void> {
  const ended = once(worker, 'exit');
  killAfter(worker, END_MILLIS);
  worker.process.kill('SIGTERM');
  await ended;
}

/** A worker did not listen. */
export class WorkerStartError extends Error {
  /** Whether the worker ended by itself: then it has printed why. */
  readonly isExplained: boolean;

  constructor(message: string, isExplained: boolean, options?: ErrorOptions) {
    super(message, options);
    this.isExplained = isExplained;
  }
}

function listening(worker: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => worker.process.kill('SIGKILL'), START_MILLIS);
    worker.once('exit', (code: number | null, signal: string | null) => {
      clearTimeout(timer);
      const how = signal ?? `exit code ${code}`;
      reject(new WorkerStartError(`worker ${worker.process.pid} ended before it listened (${how})`, signal === null));
    });
    worker.once('error', (cause) => {
      clearTimeout(timer);
      reject(new WorkerStartError(`no worker can be started: ${cause.message}`, false, { cause }));
    });
    worker.on('message', (message: FromWorker) => {
      if (message.pessoa !== 'listening') return;
      clearTimeout(timer);
      listeningWorkers.add(worker);
      resolve(message.url);
    });
  });
}
