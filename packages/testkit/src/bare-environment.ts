import process from 'node:process';

/** What a process that a test starts inherits: no setting of ours, so that only those of the test count. */
export const bareEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
});
