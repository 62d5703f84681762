import { Registry } from 'prom-client';
import { createHttpService } from '../http/http-service.ts';
import type { Logger } from '../logging/logger.ts';

/**
 * The metrics of one process, in the text format of Prometheus. Names begin with `pessoa_` and end in their unit. No label
 * is about a person: neither a CPF, nor a name, nor a hash of them.
 */
export type Metrics = Registry;

export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  return registry;
}

export interface MetricsAddress {
  readonly host: string;
  /** 0 chooses a free port. */
  readonly port: number;
}

export interface MetricsServer {
  /** Undefined when metrics are off. */
  readonly url: string | undefined;
  close(): Promise<void>;
}

/** The most connections at the same time: enough for several collectors, each with a second connection. */
const CONNECTIONS_MAX = 32;

/**
 * Serves `GET /metrics` without a token, on a separate port that clients cannot reach. The port still answers when all
 * connections for clients are in use. Without an address it serves nothing.
 */
export async function serveMetrics(
  metrics: Metrics,
  address: MetricsAddress | undefined,
  logger: Logger,
): Promise<MetricsServer> {
  if (!address) return { url: undefined, close: async () => undefined };
  const { app } = createHttpService({ logger, maxConnections: CONNECTIONS_MAX });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
  return { url: await app.listen(address), close: () => app.close() };
}
