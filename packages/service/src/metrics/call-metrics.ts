import { SpanKind } from '@opentelemetry/api';
import { Histogram } from 'prom-client';
import { endSpan, startSpan } from '../tracing/tracing.ts';
import { boundedLabels } from './bounded-labels.ts';
import type { Metrics } from './metrics.ts';
import { perRegistry } from './per-registry.ts';

/** In seconds. */
const BUCKETS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** The most kinds of calls with a series of their own. The kinds are those that our code uses. */
const KINDS_MAX = 32;

const redisCallsOf = perRegistry(
  (metrics) =>
    new Histogram({
      name: 'pessoa_redis_command_duration_seconds',
      help: 'Commands to Redis by use (cache, limits, proofs), command and result (ok, error).',
      labelNames: ['use', 'command', 'result'] as const,
      buckets: BUCKETS,
      registers: [metrics],
    }),
);

const searchCallsOf = perRegistry(
  (metrics) =>
    new Histogram({
      name: 'pessoa_elasticsearch_request_duration_seconds',
      help: 'Requests to Elasticsearch by kind and result (ok, error).',
      labelNames: ['request', 'result'] as const,
      buckets: BUCKETS,
      registers: [metrics],
    }),
);

/** What a process uses a Redis for. */
export type RedisUse = 'cache' | 'limits' | 'proofs';

interface ObservedRedis {
  sendCommand(command: never, ...rest: never[]): unknown;
}

interface ObservedElasticsearch {
  readonly transport: { request(params: never, ...rest: never[]): Promise<unknown> };
}

/** Measures the commands of a client of Redis. */
export function observeRedis(metrics: Metrics, use: RedisUse, client: ObservedRedis): void {
  const durations = redisCallsOf(metrics);
  const commandOf = boundedLabels(KINDS_MAX);
  const send = client.sendCommand.bind(client) as (...args: readonly unknown[]) => unknown;
  Object.assign(client, {
    sendCommand(command: { readonly name: string; readonly promise: Promise<unknown> }, ...rest: readonly unknown[]) {
      const startedAt = performance.now();
      const kind = commandOf(command.name);
      const span = startSpan(`redis ${kind}`, SpanKind.CLIENT);
      span?.setAttribute('pessoa.use', use);
      const end = (result: 'ok' | 'error'): void => {
        durations.observe({ use, command: kind, result }, (performance.now() - startedAt) / 1_000);
        if (span) endSpan(span, result === 'ok' ? undefined : 'error');
      };
      command.promise.then(
        () => end('ok'),
        () => end('error'),
      );
      return send(command, ...rest);
    },
  });
}

/** Measures the requests of a client of Elasticsearch. */
export function observeElasticsearch(metrics: Metrics, { transport }: ObservedElasticsearch): void {
  const durations = searchCallsOf(metrics);
  const requestOf = boundedLabels(KINDS_MAX);
  const request = transport.request.bind(transport) as (...args: readonly unknown[]) => Promise<unknown>;
  Object.assign(transport, {
    async request(params: { readonly meta?: { readonly name?: string } }, ...rest: readonly unknown[]) {
      const startedAt = performance.now();
      const kind = requestOf(params.meta?.name ?? 'unnamed');
      const span = startSpan(`search ${kind}`, SpanKind.CLIENT);
      let result: 'ok' | 'error' = 'error';
      try {
        const answer = await request(params, ...rest);
        result = 'ok';
        return answer;
      } finally {
        durations.observe({ request: kind, result }, (performance.now() - startedAt) / 1_000);
        if (span) endSpan(span, result === 'ok' ? undefined : 'error');
      }
    },
  });
}
