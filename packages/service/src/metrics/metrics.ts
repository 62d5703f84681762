import { Registry } from 'prom-client';
import { createHttpService } from '../http/http-service.ts';
import type { Logger } from '../logging/logger.ts';

/**
 * The numbers of one process, in Prometheus' text format. Names begin with `pessoa_`, end in their unit, and no label is
 * about a person: a CPF, a name or a keyed hash of one never is a label.
 */
export type Metrics = Registry;

export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  return registry;
}

export interface MetricsAddress {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface MetricsServer {
  readonly url: string | undefined;
  close(): Promise<void>;
}

/** Collectors of one process; a second connection of each for a reload. */
const CONNECTIONS_MAX = 32;

/**
 * Serves `GET /metrics` on a port of its own, without a token: clients never reach it, and a process that is out of
 * connections for them still tells so. Without an address nothing is served.
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
