import { Registry } from 'prom-client';
import { showProcess } from './process-metrics.ts';
import { showSpans } from './span-metrics.ts';

/**
 * The metrics of one process, in the text format of Prometheus; the primary gives those of a worker the label `worker`. Names begin with
 * `pessoa_` and end in their unit. No label is about a person: neither a CPF, nor a name, nor a hash of them.
 */
export type Metrics = Registry;

export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  showProcess(registry);
  showSpans(registry);
  return registry;
}

export interface MetricsAddress {
  readonly host: string;
  /** 0 chooses a free port. */
  readonly port: number;
}
