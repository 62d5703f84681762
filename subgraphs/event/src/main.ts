import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';
import { startEvent } from './event-subgraph.ts';

await runProcess('event', {
  readConfig: () => readConfig(process.env),
  start: (config) => startEvent(config, createLogger({ service: 'event', level: config.logLevel })),
  workersOf: (config) => config,
  tracingOf: ({ tracing }) => tracing,
});
