import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';

await runProcess('score', {
  readConfig: () => readConfig(process.env),
  start: async (config) => {
    const { startScore } = await import('./score-subgraph.ts');
    return startScore(config, createLogger({ service: 'score', level: config.logLevel }));
  },
  workersOf: (config) => config,
  tracingOf: ({ tracing }) => tracing,
});
