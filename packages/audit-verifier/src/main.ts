#!/usr/bin/env node
import { run } from './run.ts';

const { exitCode, text } = await run(process.argv.slice(2));
process[exitCode === 0 ? 'stdout' : 'stderr'].write(text);
process.exitCode = exitCode;
