/** Tests run as ESM on Node 26; swc only erases the types, as Node itself does at run time. */
export default {
  testEnvironment: '<rootDir>/packages/testkit/src/explaining-environment.ts',
  roots: [
    'packages',
    'subgraphs',
    'indexer',
    'auditor',
    'witness',
    'router',
    'single',
    'operations',
    'development',
    'e2e',
    'bench',
  ].map((folder) => `<rootDir>/${folder}`),
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.(browser|servers|containers)\\.test\\.ts$'],
  globalSetup: '<rootDir>/packages/testkit/src/jest-global-setup.ts',
  globalTeardown: '<rootDir>/packages/testkit/src/jest-global-teardown.ts',
  setupFiles: ['<rootDir>/packages/testkit/src/jest-setup.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } }],
  },
  // On two cores: a suite waits a third of its time for the processes that it started.
  maxWorkers: 3,
  // No module graph of a suite is freed under ESM: a worker that has grown past this is replaced between two suites.
  workerIdleMemoryLimit: '600MB',
  testTimeout: 60_000,
};
