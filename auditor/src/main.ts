import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';

await runProcess('auditor', {
  readConfig: () => readConfig(process.env),
  start: async (config) => {
    const { startAuditor } = await import('./auditor.ts');
    return startAuditor(config, createLogger({ service: 'auditor', level: config.logLevel }));
  },
});
