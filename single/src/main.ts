import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';

await runProcess('single', {
  readConfig: () => readConfig(process.env),
  start: async (config) => {
    const { startSingle } = await import('./single.ts');
    return startSingle(config, (service) => createLogger({ service, level: config.router.logLevel }));
  },
  workersOf: ({ router }) => router,
  tracingOf: ({ router }) => router.tracing,
});
