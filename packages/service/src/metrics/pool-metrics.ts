import { type Span, SpanKind } from '@opentelemetry/api';
import { Counter, Gauge, Histogram } from 'prom-client';
import { boundedLabels } from './bounded-labels.ts';
import type { Metrics } from './metrics.ts';
import { endSpan, startSpan, withSpan } from '../tracing/tracing.ts';
import { perRegistry } from './per-registry.ts';

/** What is seen of a pool of `pg`. */
export interface ObservedPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options: { readonly max: number };
  query(...args: never[]): unknown;
}

/** In seconds. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** The most SQLSTATEs with a series of their own. */
const CODES_MAX = 40;

const poolMetricsOf = perRegistry((metrics) => {
  const registers = [metrics];
  const pools = new Map<string, ObservedPool>();
  const gauge = (name: string, help: string, read: (pool: ObservedPool) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['pool'] as const,
      registers,
      collect() {
        for (const [pool, observed] of pools) this.set({ pool }, read(observed));
      },
    });
  };
  gauge('pessoa_pool_size', 'The most connections of a PostgreSQL pool.', ({ options }) => options.max);
  gauge(
    'pessoa_pool_connections',
    'Connections of a PostgreSQL pool, open or being opened.',
    (pool) => pool.totalCount,
  );
  gauge('pessoa_pool_in_use', 'Connections in use.', ({ totalCount, idleCount }) => totalCount - idleCount);
  gauge('pessoa_pool_waiting', 'Statements that wait for a connection.', (pool) => pool.waitingCount);
  return {
    pools,
    durations: new Histogram({
      name: 'pessoa_sql_duration_seconds',
      help: 'Statements, from the wait for a connection until the rows are read.',
      labelNames: ['pool'] as const,
      buckets: BUCKETS,
      registers,
    }),
    errors: new Counter({
      name: 'pessoa_sql_errors_total',
      help: 'Failed statements by SQLSTATE, or acquire_timeout, statement_timeout or connection.',
      labelNames: ['pool', 'code'] as const,
      registers,
    }),
  };
});

const sqlstate = boundedLabels(CODES_MAX);

function codeOf(error: unknown): string {
  const { code, message = '' } = (error ?? {}) as { code?: unknown; message?: string };
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return sqlstate(code);
  if (message.startsWith('timeout exceeded when trying to connect')) return 'acquire_timeout';
  if (message.startsWith('Query read timeout')) return 'statement_timeout';
  return 'connection';
}

/** Shows a pool, and measures its statements. @param name the database behind it, such as `base-a` */
export function observePool(metrics: Metrics, name: string, pool: ObservedPool): void {
  const { pools, durations, errors } = poolMetricsOf(metrics);
  pools.set(name, pool);
  const query = pool.query.bind(pool) as (...args: readonly unknown[]) => unknown;
  const spanName = `sql ${name}`;

  const observed = async (running: Promise<unknown>, span: Span | undefined): Promise<unknown> => {
    const startedAt = performance.now();
    let failure: string | undefined;
    try {
      return await running;
    } catch (error) {
      failure = codeOf(error);
      errors.inc({ pool: name, code: failure });
      throw error;
    } finally {
      durations.observe({ pool: name }, (performance.now() - startedAt) / 1_000);
      if (span) endSpan(span, failure);
    }
  };

  /** A statement of our own has an object with its text and its name. Texts alone are about the connection. */
  const beginStatement = (statement: unknown): Span | undefined => {
    if (typeof statement !== 'object') return undefined;
    const span = startSpan(spanName, SpanKind.CLIENT);
    span?.setAttribute('db.system.name', 'postgresql');
    span?.setAttribute('pessoa.statement', (statement as { name?: string } | null)?.name ?? '(unnamed)');
    return span;
  };

  Object.assign(pool, {
    query(...args: readonly unknown[]): unknown {
      const span = beginStatement(args[0]);
      const answer = span ? withSpan(span, () => query(...args)) : query(...args);
      if (answer instanceof Promise) return observed(answer, span);
      span?.end(); // with a callback there is no promise
      return answer;
    },
  });
}
