import { createLogger } from '@pessoa/platform/logging/logger';
import { runProcess } from '@pessoa/platform/process';
import { readConfig } from './config.ts';
import { startScore } from './score-subgraph.ts';

await runProcess('score', () => {
  const config = readConfig(process.env);
  return startScore(config, createLogger({ service: 'score', level: config.logLevel }));
});
