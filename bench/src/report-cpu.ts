import { reportCpu } from './cpu-report.ts';

// `--import` loads this file before the main file of a service.
reportCpu(process.env['MEASURED_URL']!);
