import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';

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

/** `GET /metrics`, without a token: for the inside of a network, as a subgraph's port is. */
export function mountMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.get('/metrics', { exposeHeadRoute: false }, async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type(metrics.contentType)
      .send(await metrics.metrics()),
  );
}
