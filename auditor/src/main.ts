import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { startAuditor } from './auditor.ts';
import { readConfig } from './config.ts';

await runProcess('auditor', {
  readConfig: () => readConfig(process.env),
  start: (config) => startAuditor(config, createLogger({ service: 'auditor', level: config.logLevel })),
});
