import { readConfig } from '@pessoa/router/config';
import { startRouter } from '@pessoa/router/router';
import { createLogger } from '@pessoa/service/logging/logger';
import { tuneGarbageCollection } from '@pessoa/service/processes/process';
import { reportCpu } from './cpu-report.ts';

tuneGarbageCollection();
// The router as it is, but for the audit, which its peer does not have.
const service = await startRouter(readConfig(process.env), createLogger({ service: 'router', level: 'info' }), null);
reportCpu(service.url);
