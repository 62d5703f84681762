import cluster from 'node:cluster';
import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client';
import { createHttpService } from '../http/http-service.ts';
import type { Logger } from '../logging/logger.ts';
import type { Metrics, MetricsAddress } from './metrics.ts';

export interface MetricsServer {
  /** Undefined when metrics are off. */
  readonly url: string | undefined;
  close(): Promise<void>;
}

/** The most connections at the same time: enough for several collectors, each with a second connection. */
const CONNECTIONS_MAX = 32;

/** The registries of this worker. */
const workerRegistries: Registry[] = [];

/**
 * Serves `GET /metrics` without a token, on a separate port that clients cannot reach. The port still answers when all
 * connections for clients are in use. Without an address it serves nothing. In a worker the primary asks for the metrics, and
 * serves those of all workers.
 */
export async function serveMetrics(
  metrics: Metrics,
  address: MetricsAddress | undefined,
  logger: Logger,
): Promise<MetricsServer> {
  if (!address) return NOT_SERVED;
  if (!cluster.isWorker) return serve(address, logger, metrics.contentType, () => metrics.metrics());
  workerRegistries.push(metrics);
  return NOT_SERVED;
}

/** The metrics of this worker, as one process sends them to another. */
export const readWorkerMetrics = (): Promise<MetricsOfWorker> =>
  Promise.all(workerRegistries.map((registry) => registry.getMetricsAsJSON()));

/** The metrics of each of its registries. */
export type MetricsOfWorker = readonly (readonly MetricObjectWithValues<MetricValue<string>>[])[];

/**
 * Serves the metrics of all workers in the primary.
 *
 * @param read gives those of each worker
 */
export const serveMetricsOfWorkers = async (
  address: MetricsAddress | undefined,
  logger: Logger,
  read: () => Promise<readonly MetricsOfWorker[]>,
): Promise<MetricsServer> =>
  address
    ? serve(address, logger, Registry.PROMETHEUS_CONTENT_TYPE, async () =>
        AggregatorRegistry.aggregate((await read()).flat()).metrics(),
      )
    : NOT_SERVED;

const NOT_SERVED: MetricsServer = { url: undefined, close: async () => undefined };

async function serve(
  address: MetricsAddress,
  logger: Logger,
  contentType: string,
  read: () => Promise<string>,
): Promise<MetricsServer> {
  const { app } = createHttpService({ logger, maxConnections: CONNECTIONS_MAX });
  app.get('/metrics', async (_request, reply) => reply.type(contentType).send(await read()));
  return { url: await app.listen(address), close: () => app.close() };
}
