import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';

await runProcess('event', {
  readConfig: () => readConfig(process.env),
  start: async (config) => {
    const { startEvent } = await import('./event-subgraph.ts');
    return startEvent(config, createLogger({ service: 'event', level: config.logLevel }));
  },
  workersOf: (config) => config,
  tracingOf: ({ tracing }) => tracing,
});
