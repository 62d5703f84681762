/** What is written into a file of a folder, to see whether lint refuses it there. */
export interface Planted {
  readonly folder: string;
  /** The file's name, when the rule asks for it. */
  readonly file?: string;
  readonly code: string;
}

const from = (module: string): string => `import * as planted from '${module}';\nexport const used = planted;\n`;
const typeFrom = (module: string): string => `export type { Planted } from '${module}';\n`;
const lazily = (module: string): string => `export const used = await import('${module}');\n`;

/** By the name of the rule that refuses them. */
export const forbidden: Readonly<Record<string, readonly Planted[]>> = {
  'pessoa(resolver-imports)': [
    { folder: 'subgraphs/debt/src/resolvers', code: from('../dividas/prisma-divida-repository.ts') },
    { folder: 'subgraphs/debt/src/resolvers', code: typeFrom('../dividas/divida-repository.ts') },
    { folder: 'subgraphs/event/src/resolvers', code: from('../movimentacoes/elasticsearch-movimentacao-search.ts') },
    { folder: 'subgraphs/event/src/resolvers', code: from('../consultas/audit-consulta-source.ts') },
    { folder: 'subgraphs/score/src/resolvers', code: lazily('../perfis/cached-perfil-repository.ts') },
    { folder: 'subgraphs/score/src/resolvers', code: from('@pessoa/subgraph/base/base') },
  ],
  'pessoa(technology-by-name)': [
    { folder: 'subgraphs/debt/src/dividas', code: from('pg') },
    { folder: 'subgraphs/debt/src/dividas', code: from('../generated/prisma/client.ts') },
    { folder: 'subgraphs/event/src/movimentacoes', code: from('@elastic/elasticsearch') },
    { folder: 'subgraphs/score/src/perfis', code: from('ioredis') },
    { folder: 'packages/subgraph/src/cache', code: typeFrom('ioredis') },
    { folder: 'packages/subgraph/src/graphql', code: from('@prisma/adapter-pg') },
    { folder: 'packages/postgres/src', code: from('@elastic/elasticsearch') },
    { folder: 'router/src/execution', code: lazily('pg') },
    { folder: 'indexer/src', file: 'keyset-planted.ts', code: from('@elastic/elasticsearch') },
    { folder: 'indexer/src', file: 'index-planted.ts', code: typeFrom('pg') },
    { folder: 'operations/src/import', code: from('pg-copy-streams') },
  ],
  'pessoa(clock)': [
    { folder: 'subgraphs/debt/src/dividas', code: 'export const now = Date.now();\n' },
    { folder: 'subgraphs/score/src/modelo', code: 'export const now = new Date();\n' },
    { folder: 'packages/domain/src', code: 'export const now = Date.now;\n' },
    { folder: 'packages/subgraph/src/cache', code: "export const now = Date['now']();\n" },
    { folder: 'router/src/limits', code: 'export const now = Date();\n' },
  ],
  'pessoa(workspace-imports)': [
    { folder: 'router/src', code: from('@pessoa/subgraph/base/base') },
    { folder: 'router/src', code: from('@pessoa/postgres/connection-pool') },
    { folder: 'subgraphs/debt/src', code: from('@pessoa/score/score-subgraph') },
    { folder: 'subgraphs/score/src', code: from('@pessoa/event/event-subgraph') },
    { folder: 'subgraphs/event/src', code: from('@pessoa/indexer/build-index') },
    { folder: 'subgraphs/event/src', code: from('@pessoa/databases/migrations') },
    { folder: 'packages/domain/src', code: from('zod') },
    { folder: 'packages/domain/src', code: from('base64.js') },
    { folder: 'packages/service/src', code: from('@pessoa/postgres/connection-pool') },
    { folder: 'packages/graphql-jwt-guard/src', code: from('@pessoa/domain/cpf') },
    { folder: 'packages/rest/src', code: from('fastify') },
    { folder: 'packages/search-index/src', code: from('@pessoa/event/periodo') },
    { folder: 'packages/audit/src', code: from('@pessoa/bases/base-a') },
    { folder: 'packages/databases/src', code: from('@pessoa/subgraph/base/base') },
    { folder: 'indexer/src', code: from('@pessoa/event/periodo') },
  ],
  'eslint(no-restricted-imports)': [
    { folder: 'packages/bases/src', code: from('../../domain/src/cpf.ts') },
    { folder: 'router/src', code: from('../../packages/service/src/http/http-service.ts') },
  ],
};

/** What the same rules let through. */
export const permitted: readonly Planted[] = [
  { folder: 'subgraphs/debt/src/resolvers', code: from('../dividas/contrato.ts') },
  { folder: 'subgraphs/debt/src/dividas', file: 'prisma-planted.ts', code: from('../generated/prisma/client.ts') },
  {
    folder: 'subgraphs/event/src/movimentacoes',
    file: 'elasticsearch-planted.ts',
    code: from('@elastic/elasticsearch'),
  },
  { folder: 'packages/subgraph/src/cache', file: 'redis-planted.ts', code: from('ioredis') },
  { folder: 'packages/postgres/src', code: from('pg') },
  { folder: 'operations/src/postgres', code: from('pg-copy-streams') },
  { folder: 'subgraphs/score/src/modelo', code: "export const day = new Date('2026-01-01');\n" },
  { folder: 'packages/service/src', code: 'export const sinceMillis = performance.now();\n' },
  { folder: 'packages/service/test', code: 'export const now = Date.now();\n' },
  { folder: 'router/src', code: from('@pessoa/service/processes/command-line') },
  { folder: 'subgraphs/debt/src', code: from('@pessoa/subgraph/subgraph') },
  { folder: 'packages/domain/src', code: from('node:crypto') },
];
