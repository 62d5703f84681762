import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';

await runProcess('indexer', {
  readConfig: () => readConfig(process.env),
  start: async (config) => {
    const { startIndexer } = await import('./indexer.ts');
    return startIndexer(config, createLogger({ service: 'indexer', level: config.logLevel }));
  },
});
