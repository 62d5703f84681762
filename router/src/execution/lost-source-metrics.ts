import type { Metrics } from '@pessoa/service/metrics/metrics';
import { perRegistry } from '@pessoa/service/metrics/per-registry';
import { Counter } from 'prom-client';
import type { SubgraphError } from './subgraph-error.ts';

const lossesOf = perRegistry(
  (metrics) =>
    new Counter({
      name: 'pessoa_source_losses_total',
      help: 'Fetches whose answer lacks something, by the source that lost it and the error code.',
      labelNames: ['source', 'code'] as const,
      registers: [metrics],
    }),
);

/**
 * Counts what sources lost in the answer to one fetch: each source and code once, whether the subgraph is lost or says that its base is.
 * Refusals are not losses.
 */
export function lossCounter(metrics: Metrics): (errors: readonly SubgraphError[]) => void {
  const losses = lossesOf(metrics);
  return (errors) => {
    const counted = new Set<string>();
    for (const { extensions } of errors) {
      const { code, fonte: source = 'none' } = extensions;
      if (!code.startsWith('FONTE_') && code !== 'INTERNAL_SERVER_ERROR') continue;
      const key = `${source} ${code}`;
      if (counted.has(key)) continue;
      counted.add(key);
      losses.inc({ source, code });
    }
  };
}
