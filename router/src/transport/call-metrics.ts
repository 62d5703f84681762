import type { PublicErrorCode } from '@pessoa/domain/errors';
import { type PerService, perService, type Service } from '@pessoa/domain/services';
import { showBreaker } from '@pessoa/service/metrics/breaker-metrics';
import type { Metrics } from '@pessoa/service/metrics/metrics';
import type { SourceState } from '@pessoa/service/resilience/breaker';
import { Counter, Histogram } from 'prom-client';

/** In place of an error code. */
const ANSWERED = 'none';

/** Sees the calls to one subgraph. */
export interface CallObserver {
  /** A call ended. @param code undefined with an answer. @param seconds with its retry */
  ended(code: PublicErrorCode | undefined, seconds: number): void;
  /** A call was not sent, because the breaker is open. */
  refused(): void;
  retried(): void;
  /** A read got the answer of a call under way. */
  shared(): void;
  /** A request was sent. @param calls how many calls it carried */
  sent(calls: number): void;
  showBreaker(breaker: { state(): SourceState }): void;
}

/** In seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Measures the calls of the router to its subgraphs. */
export function callMetrics(metrics: Metrics): PerService<CallObserver> {
  const registers = [metrics];
  const labelNames = ['subgraph'] as const;
  const durations = new Histogram({
    name: 'pessoa_subgraph_call_duration_seconds',
    help: 'Calls to a subgraph, with the wait for a connection and a retry, by error code ("none" with an answer).',
    labelNames: ['subgraph', 'code'] as const,
    buckets: BUCKETS,
    registers,
  });
  const counter = (name: string, help: string): Counter<'subgraph'> =>
    new Counter({ name, help, labelNames, registers });
  const refusals = counter('pessoa_subgraph_calls_refused_total', 'Calls that were not sent: the breaker was open.');
  const retries = counter('pessoa_subgraph_retries_total', 'Calls that were sent a second time.');
  const shares = counter('pessoa_subgraph_calls_shared_total', 'Reads that got the answer of an equal call under way.');
  const batches = new Histogram({
    name: 'pessoa_subgraph_batch_calls',
    help: 'Calls that one HTTP request to a subgraph carried.',
    labelNames,
    buckets: [1, 2, 4, 8, 16, 32],
    registers,
  });
  return perService((subgraph: Service): CallObserver => {
    const label = { subgraph };
    return {
      ended: (code, seconds) => durations.observe({ subgraph, code: code ?? ANSWERED }, seconds),
      refused: () => refusals.inc(label),
      retried: () => retries.inc(label),
      shared: () => shares.inc(label),
      sent: (calls) => batches.observe(label, calls),
      showBreaker: (breaker) => showBreaker(metrics, subgraph, breaker),
    };
  });
}
