import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';
import { startWitness } from './witness.ts';

await runProcess('witness', {
  readConfig: () => readConfig(process.env),
  start: (config) => startWitness(config, createLogger({ service: 'witness', level: config.logLevel })),
});
