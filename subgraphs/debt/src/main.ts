import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';

await runProcess('debt', {
  readConfig: () => readConfig(process.env),
  start: async (config) => {
    const { startDebt } = await import('./debt-subgraph.ts');
    return startDebt(config, createLogger({ service: 'debt', level: config.logLevel }));
  },
  workersOf: (config) => config,
  tracingOf: ({ tracing }) => tracing,
});
