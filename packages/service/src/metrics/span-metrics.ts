import { Counter } from 'prom-client';
import { spanCounts } from '../tracing/counted-exporter.ts';
import { perRegistry } from './per-registry.ts';

/** Shows what becomes of the spans of this process. In the single process each part shows the same ones. */
export const showSpans = perRegistry((metrics) => {
  const counted = { sent: 0, lost: 0 };
  new Counter({
    name: 'pessoa_trace_spans_total',
    help: 'Spans of sampled traces by result: sent to the collector, or lost because it did not take them.',
    labelNames: ['result'] as const,
    registers: [metrics],
    collect() {
      for (const result of ['sent', 'lost'] as const) {
        this.inc({ result }, spanCounts[result] - counted[result]);
        counted[result] = spanCounts[result];
      }
    },
  });
});
