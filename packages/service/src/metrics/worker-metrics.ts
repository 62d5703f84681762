import { Counter, Gauge, Registry } from 'prom-client';
import type { MetricsOfWorker } from './metrics-server.ts';

/**
 * The metrics of a primary about its workers.
 *
 * @param service the name of the process
 */
export function showWorkers(service: string, workers: { readonly wanted: number; running(): number; hung(): number }) {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const registers = [registry];
  new Gauge({ name: 'pessoa_workers_wanted', help: 'WORKERS.', registers }).set(workers.wanted);
  const gauge = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('pessoa_workers_running', 'Workers that listen and are not being replaced.', workers.running);
  gauge('pessoa_workers_hung', 'Workers that listen and do not answer: their metrics are missing.', workers.hung);
  const ended = new Counter({
    name: 'pessoa_workers_ended_total',
    help: 'Workers that ended by themselves.',
    registers,
  });
  return {
    /** A worker has ended by itself. */
    ended: (): void => ended.inc(),
    /** Read last: what is hung is known after the others were asked. */
    read: async (): Promise<MetricsOfWorker> => [await registry.getMetricsAsJSON()],
  };
}
