import type { PublicErrorCode } from '@pessoa/domain/errors';
import { Counter, Gauge, Histogram } from 'prom-client';
import { ANONYMOUS } from '../graphql/operation-name.ts';
import type { RequestFacts } from '../http/request-facts.ts';
import { boundedLabels, isNameForLabel, OTHER } from './bounded-labels.ts';
import type { Metrics } from './metrics.ts';

/** The most operations with a series of their own. */
const OPERATIONS_MAX = 64;

/** In seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The label of what a request does not have: an operation, a code. */
const NONE = 'none';
/** The status of a request whose client left before its answer. */
const GONE = 'gone';

/** Counts the requests of one server. Neither a text of a client nor a hash of a person is a label. */
export interface RequestMetrics {
  /** @param status undefined for a client that left before its answer */
  count(facts: RequestFacts, route: string, status: number | undefined): void;
  /** @param active gives the number of requests that are not answered yet */
  watchActive(active: () => number): void;
}

/**
 * @param clients the ids of clients that have a series of their own (`METRICS_CLIENTS`); all others share one
 */
export function requestMetrics(metrics: Metrics, clients: ReadonlySet<string>): RequestMetrics {
  const registers = [metrics];
  const durations = new Histogram({
    name: 'pessoa_request_duration_seconds',
    help: 'From the head of a request until its answer is sent, by route and known operation. Unknown operations are "other".',
    labelNames: ['route', 'operation'] as const,
    buckets: BUCKETS,
    registers,
  });
  const requests = new Counter({
    name: 'pessoa_requests_total',
    help: 'Requests by route, status and first error code ("none" without one). The status "gone": the client left before.',
    labelNames: ['route', 'status', 'code'] as const,
    registers,
  });
  const clientRequests = new Counter({
    name: 'pessoa_client_requests_total',
    help: 'Requests with a valid token, by client of METRICS_CLIENTS ("other" for the rest) and first error code.',
    labelNames: ['client', 'code'] as const,
    registers,
  });
  const ways = new Counter({
    name: 'pessoa_operations_total',
    help: 'Operations by the way they took: known, compiled, gateway (the own executor of the gateway), apollo (Apollo Server).',
    labelNames: ['way'] as const,
    registers,
  });
  const operationOf = boundedLabels(OPERATIONS_MAX, (name) => (isNameForLabel(name) ? name : OTHER));
  return {
    count({ startedAt, operation, code, way, identity }, route, status) {
      const operationLabel =
        operation === undefined ? NONE : operation.startsWith(ANONYMOUS) ? OTHER : operationOf(operation);
      durations.observe({ route, operation: operationLabel }, (performance.now() - startedAt) / 1_000);
      const codeLabel: PublicErrorCode | typeof NONE = code ?? NONE;
      requests.inc({ route, status: status ?? GONE, code: codeLabel });
      if (way) ways.inc({ way });
      if (identity) {
        const client = clients.has(identity.clientId) ? identity.clientId : OTHER;
        clientRequests.inc({ client, code: codeLabel });
      }
    },
    watchActive(active) {
      new Gauge({
        name: 'pessoa_http_requests_active',
        help: 'Requests that are not answered yet.',
        registers,
        collect() {
          this.set(active());
        },
      });
    },
  };
}
