import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';
import { startScore } from './score-subgraph.ts';

await runProcess('score', {
  readConfig: () => readConfig(process.env),
  start: (config) => startScore(config, createLogger({ service: 'score', level: config.logLevel })),
  workersOf: (config) => config,
  tracingOf: ({ tracing }) => tracing,
});
