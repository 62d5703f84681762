import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';
import { startRouter } from './router.ts';

await runProcess('router', {
  readConfig: () => readConfig(process.env),
  start: (config) => startRouter(config, createLogger({ service: 'router', level: config.logLevel })),
  workersOf: (config) => config,
  tracingOf: ({ tracing }) => tracing,
});
