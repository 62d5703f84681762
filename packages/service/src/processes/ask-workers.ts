import type { Worker } from 'node:cluster';
import type { Logger } from '../logging/logger.ts';
import type { MetricsOfWorker } from '../metrics/metrics-server.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** A worker that gives its metrics later is left out, and said to hang. */
const METRICS_MILLIS = 2_000;

/**
 * Asks workers for their metrics, and remembers those that did not answer.
 *
 * @param slotOf the label of a worker
 */
export function askWorkers(logger: Logger, slotOf: (worker: Worker) => string) {
  const hung = new Set<Worker>();

  async function ask(worker: Worker): Promise<MetricsOfWorker> {
    const metrics = await metricsOf(worker);
    note(worker, metrics === undefined && worker.isConnected());
    return labelled(metrics ?? [], slotOf(worker));
  }

  /** Says a change once. */
  function note(worker: Worker, isHung: boolean): void {
    const { pid } = worker.process;
    if (isHung === hung.has(worker)) return;
    if (isHung) {
      hung.add(worker);
      worker.once('exit', () => hung.delete(worker));
      logger.error({ worker: pid }, 'a worker hangs: it does not give its metrics');
    } else {
      hung.delete(worker);
      logger.info({ worker: pid }, 'a worker answers again');
    }
  }

  return {
    metricsOf: (workers: readonly Worker[]): Promise<MetricsOfWorker[]> => Promise.all(workers.map(ask)),
    /** How many did not answer when they were asked last. */
    hung: (): number => hung.size,
  };
}

function labelled(metrics: MetricsOfWorker, worker: string): MetricsOfWorker {
  for (const { values } of metrics.flat()) for (const value of values) value.labels['worker'] = worker;
  return metrics;
}

/** @returns undefined for a worker that does not answer */
function metricsOf(worker: Worker): Promise<MetricsOfWorker | undefined> {
  return new Promise((resolve) => {
    const settle = (metrics?: MetricsOfWorker): void => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      resolve(metrics);
    };
    const timer = setTimeout(settle, METRICS_MILLIS);
    const onMessage = (message: FromWorker): void => {
      if (message.pessoa === 'metrics') settle(message.metrics);
    };
    worker.on('message', onMessage);
    worker.send({ pessoa: 'metrics' } satisfies ToWorker, (error) => {
      if (error) settle();
    });
  });
}
