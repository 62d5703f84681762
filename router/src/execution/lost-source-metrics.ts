import type { Metrics } from '@pessoa/service/metrics/metrics';
import { perRegistry } from '@pessoa/service/metrics/per-registry';
import { Counter } from 'prom-client';
import type { OnLostSource } from './subgraph-data-source.ts';

const lossesOf = perRegistry(
  (metrics) =>
    new Counter({
      name: 'pessoa_source_losses_total',
      help: 'Fetches whose answer was lost, wholly or in part, by source and error code.',
      labelNames: ['source', 'code'] as const,
      registers: [metrics],
    }),
);

/** Counts each lost source before `next` gets it. */
export function countLostSources(metrics: Metrics, next: OnLostSource): OnLostSource {
  const losses = lossesOf(metrics);
  return (error, context) => {
    losses.inc({ source: error.fonte ?? 'none', code: error.code });
    next(error, context);
  };
}
