import { Gauge } from 'prom-client';
import type { Logger } from '../logging/logger.ts';
import { showBreaker } from '../metrics/breaker-metrics.ts';
import type { RedisUse } from '../metrics/call-metrics.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createBreaker, type SourceState } from '../resilience/breaker.ts';
import { connectRedis, type RedisClient, type RedisPlace } from './redis-connection.ts';

/** After a failure the shared store is in use again about a second after it is back. */
const PROBE_AFTER_MILLIS = 1_000;
/** Each failure takes the whole time of a count, and other requests of the client wait meanwhile: it must not last for seconds. */
const FAILURES_IN_ROW = 5;

/** Uses what all processes share, and what a process has of its own while that fails. */
export interface Fallback {
  run<T>(shared: () => T | Promise<T>, own: () => T | Promise<T>): Promise<T>;
  state(): SourceState;
}

export function createFallback(): Fallback {
  const breaker = createBreaker({
    probeAfterMillis: PROBE_AFTER_MILLIS,
    failuresInRow: FAILURES_IN_ROW,
    isFailure: () => true,
    refusal: () => new Error('the breaker of the shared store is open'),
  });
  return {
    async run(shared, own) {
      try {
        return await breaker.run(async () => shared());
      } catch {
        return own();
      }
    },
    state: breaker.state,
  };
}

/** Connects to a Redis that a process can do without. @param what it holds, in the plural, for the log */
export function connectSharedRedis(
  place: RedisPlace,
  {
    what,
    commandMillis,
    logger,
    observe,
  }: { what: string; commandMillis: number; logger: Logger; observe: { metrics: Metrics; use: RedisUse } },
): RedisClient {
  const onChange = (err: Error | undefined): void =>
    err
      ? logger.warn({ err }, `${what} do not answer: this process goes on alone`)
      : logger.info(`${what} answer again`);
  return connectRedis(place, { commandMillis, onChange, observe });
}

/** Shows whether the shared store is in use. @param what a process does with it, for the help */
export function addFallbackGauge(
  metrics: Metrics,
  name: string,
  what: string,
  use: RedisUse,
  { state }: Pick<Fallback, 'state'>,
): void {
  showBreaker(metrics, `redis-${use}`, { state });
  new Gauge({
    name,
    help: `1 while Redis ${what} for all processes, 0 while its breaker is open and this process does so alone.`,
    registers: [metrics],
    collect() {
      this.set(state() === 'fora' ? 0 : 1);
    },
  });
}
