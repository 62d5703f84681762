import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';

await runProcess('router', {
  readConfig: () => readConfig(process.env),
  start: async (config) => {
    const { startRouter } = await import('./router.ts');
    return startRouter(config, createLogger({ service: 'router', level: config.logLevel }));
  },
  workersOf: (config) => config,
  tracingOf: ({ tracing }) => tracing,
});
