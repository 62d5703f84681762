import process from 'node:process';
import base from './jest.config.js';

// Read by the testkit, in jest's own process and in its workers.
process.env['PESSOA_TEST_HOSTILE'] = '1';

/** The whole graph, and what else reads a base, over bases whose sessions somebody else has set up. */
export default {
  ...base,
  testMatch: [
    '<rootDir>/e2e/test/*.e2e.test.ts',
    '<rootDir>/subgraphs/*/test/*.test.ts',
    '<rootDir>/packages/{audit,platform}/test/**/*.test.ts',
    '<rootDir>/scripts/test/import/*.test.ts',
  ],
};
