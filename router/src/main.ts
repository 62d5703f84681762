import { createLogger } from '@pessoa/service/logging/logger';
import { runProcess } from '@pessoa/service/processes/process';
import { readConfig } from './config.ts';
import { startRouter } from './router.ts';

await runProcess('router', () => {
  const config = readConfig(process.env);
  return startRouter(config, createLogger({ service: 'router', level: config.logLevel }));
});
