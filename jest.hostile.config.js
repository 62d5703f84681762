import process from 'node:process';
import base from './jest.config.js';

// Read by the testkit, in jest's own process and in its workers.
process.env['PESSOA_TEST_HOSTILE'] = '1';

/**
 * The whole graph, and what else reads and writes days, instants and text, over bases whose sessions somebody else has set
 * up. What starts processes has a PostgreSQL of its own, which is not set up so.
 */
export default {
  ...base,
  testMatch: [
    '<rootDir>/e2e/test/*.e2e.test.ts',
    '<rootDir>/subgraphs/*/test/{consultas,movimentacoes,collation,session-settings,debt-paging,debt-filter,score-profile}.test.ts',
    '<rootDir>/operations/test/import/*.test.ts',
    '<rootDir>/packages/audit/test/*.test.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/', 'e2e/test/(documents|start|command-line)'],
};
