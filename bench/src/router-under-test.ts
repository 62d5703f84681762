import { readConfig } from '@pessoa/router/config';
import { startRouter } from '@pessoa/router/router';
import { createLogger } from '@pessoa/service/logging/logger';
import { tuneGarbageCollection } from '@pessoa/service/processes/process';
import { reportCpu } from './cpu-report.ts';

tuneGarbageCollection();
// The router without its audit, which the quick start does not have either, unless BENCH_AUDIT is on.
const service = await startRouter(
  readConfig(process.env),
  createLogger({ service: 'router', level: 'info' }),
  process.env['BENCH_AUDIT'] === 'on' ? {} : { auditLog: null },
);
reportCpu(service.url);
