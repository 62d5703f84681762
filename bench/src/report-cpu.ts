import { reportCpu } from './cpu-report.ts';

// `--import` loads this file before the main file of Score.
reportCpu(`http://127.0.0.1:${process.env['SCORE_PORT']}`);
