// A service in workers: it tells its pid, counts its requests, writes lines of a chosen length, and traces.
import { existsSync } from 'node:fs';
import { Counter } from 'prom-client';
import { createHttpService } from '../../src/http/http-service.ts';
import { createLogger } from '../../src/logging/logger.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { serveMetrics } from '../../src/metrics/metrics-server.ts';
import { runProcess } from '../../src/processes/process.ts';

const variable = (name: string): string => process.env[name] ?? ''; // oxlint-disable-line node/no-process-env -- a process of a test

const sampling = { sampler: 'always_on', ratio: 1, serviceName: undefined } as const;
const collector = { protocol: 'http/json', headers: { 'api-key': variable('TEST_TRACES_KEY') } } as const;
const tracesUrl = variable('TEST_TRACES_URL');

const config = {
  workers: Number(variable('TEST_WORKERS')),
  metricsAddress: { host: '127.0.0.1', port: Number(variable('TEST_METRICS_PORT')) },
  logLevel: 'info',
  tracing: tracesUrl === '' ? undefined : { ...sampling, ...collector, url: tracesUrl, timeoutMillis: 5_000 },
} as const;

await runProcess('test service', {
  readConfig: () => config,
  workersOf: (settings) => settings,
  tracingOf: ({ tracing }) => tracing,
  async start() {
    if (existsSync(variable('TEST_BROKEN_FILE'))) throw new Error('this service is broken');
    const logger = createLogger({ service: 'test', level: 'info' });
    const metrics = createMetrics('test');
    const requests = new Counter({ name: 'test_requests_total', help: 'Requests.', registers: [metrics] });
    const http = createHttpService({ logger, tracedAs: 'test' });
    http.app.get('/pid', async () => {
      requests.inc();
      return { pid: process.pid };
    });
    http.app.get('/lines', async () => {
      for (let line = 0; line < 200; line++) logger.info({ text: 'x'.repeat(50 + line * 5) });
      return { pid: process.pid };
    });
    const served = await serveMetrics(metrics, config.metricsAddress, logger);
    const url = await http.app.listen({ host: '127.0.0.1', port: Number(variable('TEST_PORT')) });
    return {
      logger,
      url,
      metricsUrl: served.url,
      retire: () => http.retire(),
      async close() {
        await http.drain();
        await served.close();
      },
    };
  },
});
