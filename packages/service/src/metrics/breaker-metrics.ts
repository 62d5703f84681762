import { Gauge } from 'prom-client';
import type { SourceState } from '../resilience/breaker.ts';
import type { Metrics } from './metrics.ts';
import { perRegistry } from './per-registry.ts';

const statesOf = perRegistry((metrics) => {
  const states = new Map<string, () => SourceState>();
  new Gauge({
    name: 'pessoa_breaker_open',
    help: '1 while a breaker refuses calls, except for one probe at a time; 0 again once the next call may probe.',
    labelNames: ['breaker'] as const,
    registers: [metrics],
    collect() {
      for (const [breaker, state] of states) this.set({ breaker }, state() === 'fora' ? 1 : 0);
    },
  });
  return states;
});

/** Shows whether a breaker is open. @param name the dependency behind it, such as `base-a` */
export function showBreaker(metrics: Metrics, name: string, breaker: { state(): SourceState }): void {
  statesOf(metrics).set(name, () => breaker.state());
}
