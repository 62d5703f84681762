import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';
import { startDebt } from './debt-subgraph.ts';

await runProcess('debt', {
  readConfig: () => readConfig(process.env),
  start: (config) => startDebt(config, createLogger({ service: 'debt', level: config.logLevel })),
  workersOf: (config) => config,
  tracingOf: ({ tracing }) => tracing,
});
