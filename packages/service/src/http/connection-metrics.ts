import type { Server } from 'node:http';
import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '../metrics/metrics.ts';

/** Metrics about connections to the port for clients: how many are open, and how many were closed over the limit. */
export function countConnections(server: Server, metrics: Metrics, maxConnections: number): void {
  const registers = [metrics];
  new Gauge({
    name: 'pessoa_http_connections_max',
    help: 'MAX_CONNECTIONS: further connections are closed.',
    registers,
  }).set(maxConnections);
  new Gauge({
    name: 'pessoa_http_connections',
    help: 'Connections that are open to the port for clients.',
    registers,
    async collect() {
      this.set(await new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count ?? 0))));
    },
  });
  const refused = new Counter({
    name: 'pessoa_http_connections_refused_total',
    help: 'Connections closed because MAX_CONNECTIONS were open.',
    registers,
  });
  server.on('drop', () => refused.inc());
}
