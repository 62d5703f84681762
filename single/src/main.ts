import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';
import { startSingle } from './single.ts';

await runProcess('single', {
  readConfig: () => readConfig(process.env),
  start: (config) => startSingle(config, (service) => createLogger({ service, level: config.router.logLevel })),
  workersOf: ({ router }) => router,
  tracingOf: ({ router }) => router.tracing,
});
