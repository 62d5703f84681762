import { reportCpu } from './cpu-report.ts';

/** Loaded before the main file of a service that runs as it is: `--import`. */
reportCpu(`http://127.0.0.1:${process.env['SCORE_PORT']}`);
