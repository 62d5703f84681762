import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';
import { startIndexer } from './indexer.ts';

await runProcess('indexer', () => {
  const config = readConfig(process.env);
  return startIndexer(config, createLogger({ service: 'indexer', level: config.logLevel }));
});
