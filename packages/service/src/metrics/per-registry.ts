import type { Metrics } from './metrics.ts';

/**
 * Makes the metrics of one kind once for each registry: several parts of a process report to them, each with its own label.
 *
 * @param make registers the metrics
 */
export function perRegistry<T>(make: (metrics: Metrics) => T): (metrics: Metrics) => T {
  const made = new WeakMap<Metrics, T>();
  return (metrics) => {
    const before = made.get(metrics);
    if (before !== undefined) return before;
    const now = make(metrics);
    made.set(metrics, now);
    return now;
  };
}
