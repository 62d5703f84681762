import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';

await runProcess('witness', {
  readConfig: () => readConfig(process.env),
  start: async (config) => {
    const { startWitness } = await import('./witness.ts');
    return startWitness(config, createLogger({ service: 'witness', level: config.logLevel }));
  },
});
