import process from 'node:process';
import base from './jest.config.js';

// Read by the testkit, in jest's own process and in its workers.
process.env['PESSOA_TEST_SERVERS'] = '1';

/** Suites of the whole system that have nothing of a server in them: `npm test` runs them. */
const withoutServers = [
  'audit-kills',
  'demand',
  'drain',
  'graph-changes',
  'least-rights',
  'nothing-stays-behind',
  'score-evaluation',
  'simulation',
];

/** What needs real servers, and the e2e suite over them: PostgreSQL, Redis and Elasticsearch must answer. */
export default {
  ...base,
  testMatch: ['**/*.servers.test.ts', '<rootDir>/e2e/test/*.e2e.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '\\.browser\\.test\\.ts$',
    `/e2e/test/(${withoutServers.join('|')})\\.e2e\\.test\\.ts$`,
  ],
  // Two files at a time were seen to take 90 connections of the server, which has a hundred.
  maxWorkers: 2,
  testTimeout: 120_000,
};
