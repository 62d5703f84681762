import process from 'node:process';
import base from './jest.config.js';

// Read by the testkit, in jest's own process and in its workers.
process.env['PESSOA_TEST_SERVERS'] = '1';

/** What needs real servers, and the e2e suite over them: PostgreSQL, Redis and Elasticsearch must answer. */
export default {
  ...base,
  testMatch: ['**/*.servers.test.ts', '<rootDir>/e2e/test/*.e2e.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.browser\\.test\\.ts$'],
  testTimeout: 120_000,
};
