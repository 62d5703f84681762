import { Counter, Gauge, Registry } from 'prom-client';
import type { MetricsOfWorker } from './metrics.ts';

/**
 * The metrics of a primary about its workers.
 *
 * @param service the name of the process
 */
export function showWorkers(service: string, workers: { readonly wanted: number; running(): number }) {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const registers = [registry];
  new Gauge({ name: 'pessoa_workers_wanted', help: 'WORKERS.', registers }).set(workers.wanted);
  new Gauge({
    name: 'pessoa_workers_running',
    help: 'Workers that listen and are not being replaced.',
    registers,
    collect() {
      this.set(workers.running());
    },
  });
  const ended = new Counter({
    name: 'pessoa_workers_ended_total',
    help: 'Workers that ended by themselves.',
    registers,
  });
  return {
    /** A worker has ended by itself. */
    ended: (): void => ended.inc(),
    read: async (): Promise<MetricsOfWorker> => [await registry.getMetricsAsJSON()],
  };
}
