import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';
import { startIndexer } from './indexer.ts';

await runProcess('indexer', {
  readConfig: () => readConfig(process.env),
  start: (config) => startIndexer(config, createLogger({ service: 'indexer', level: config.logLevel })),
});
