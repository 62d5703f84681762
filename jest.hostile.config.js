import { globSync } from 'node:fs';
import process from 'node:process';
import base from './jest.config.js';

// Read by the testkit, in jest's own process and in its workers.
process.env['PESSOA_TEST_HOSTILE'] = '1';

const patterns = [
  // Each reads the whole graph, and so every day, instant and text in it.
  'e2e/test/{audit,audit-proof,every-field,hundred-people,main-query,openapi-examples,people-to-try,rest-parity}.e2e.test.ts',
  'subgraphs/*/test/session-settings.test.ts',
  'subgraphs/debt/test/dividas/{divida-pages,divida-filter}.test.ts',
  'subgraphs/event/test/{consultas,movimentacoes}/*.test.ts',
  'subgraphs/score/test/score-profile.test.ts',
  'operations/test/import/*.test.ts',
  'packages/audit/test/*.test.ts',
];
// A suite that has moved would not run here any more, and nobody would notice.
for (const pattern of patterns) {
  const folder = new URL('.', import.meta.url);
  if (globSync(pattern, { cwd: folder }).length === 0) throw new Error(`no suite is at ${pattern}`);
}

/**
 * The whole graph, and what else reads and writes days, instants and text, over bases whose sessions somebody else has set
 * up. What starts processes has a PostgreSQL of its own, which is not set up so.
 */
export default {
  ...base,
  testMatch: patterns.map((pattern) => `<rootDir>/${pattern}`),
};
