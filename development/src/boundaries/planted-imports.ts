/** A line that `npm run boundaries` writes into a new file of a folder, to see whether lint refuses it there. */
export interface PlantedImport {
  readonly folder: string;
  /** The name of the file, when the rule depends on it. */
  readonly file?: string;
  readonly code: string;
}

const importing = (module: string): string => `import * as planted from '${module}';\nexport const used = planted;\n`;
const exportingTypeOf = (module: string): string => `export type { Planted } from '${module}';\n`;
const importingLater = (module: string): string => `export const used = await import('${module}');\n`;

/** Imports that lint must refuse, by the rule that does. */
export const forbidden: Readonly<Record<string, readonly PlantedImport[]>> = {
  'pessoa(resolver-imports)': [
    { folder: 'subgraphs/debt/src/resolvers', code: importing('../dividas/prisma-divida-repository.ts') },
    { folder: 'subgraphs/debt/src/resolvers', code: exportingTypeOf('../dividas/divida-repository.ts') },
    {
      folder: 'subgraphs/event/src/resolvers',
      code: importing('../movimentacoes/elasticsearch-movimentacao-search.ts'),
    },
    { folder: 'subgraphs/event/src/resolvers', code: importing('../consultas/audit-consulta-repository.ts') },
    { folder: 'subgraphs/score/src/resolvers', code: importingLater('../perfis/cached-perfil-repository.ts') },
    { folder: 'subgraphs/score/src/resolvers', code: importing('@pessoa/subgraph/base/base') },
  ],
  'pessoa(technology-by-name)': [
    { folder: 'subgraphs/debt/src/dividas', code: importing('pg') },
    { folder: 'subgraphs/debt/src/dividas', code: importing('../generated/prisma/client.ts') },
    { folder: 'subgraphs/event/src/movimentacoes', code: importing('@elastic/elasticsearch') },
    { folder: 'subgraphs/score/src/perfis', code: importing('ioredis') },
    { folder: 'packages/subgraph/src/cache', code: exportingTypeOf('ioredis') },
    { folder: 'packages/subgraph/src/graphql', code: importing('@prisma/adapter-pg') },
    { folder: 'packages/postgres/src', code: importing('@elastic/elasticsearch') },
    { folder: 'router/src/execution', code: importingLater('pg') },
    { folder: 'indexer/src', file: 'keyset-planted.ts', code: importing('@elastic/elasticsearch') },
    { folder: 'indexer/src', file: 'index-planted.ts', code: exportingTypeOf('pg') },
    { folder: 'operations/src/import', code: importing('pg-copy-streams') },
    { folder: 'router/src/audit-log', code: exportingTypeOf('pg') },
  ],
  'pessoa(clock)': [
    { folder: 'subgraphs/debt/src/dividas', code: 'export const now = Date.now();\n' },
    { folder: 'subgraphs/score/src/modelo', code: 'export const now = new Date();\n' },
    { folder: 'packages/domain/src', code: 'export const now = Date.now;\n' },
    { folder: 'packages/subgraph/src/cache', code: "export const now = Date['now']();\n" },
    { folder: 'router/src/limits', code: 'export const now = Date();\n' },
  ],
  'pessoa(workspace-imports)': [
    { folder: 'router/src', code: importing('@pessoa/subgraph/base/base') },
    { folder: 'router/src', code: importing('@pessoa/postgres/connection-pool') },
    { folder: 'subgraphs/debt/src', code: importing('@pessoa/score/score-subgraph') },
    { folder: 'subgraphs/score/src', code: importing('@pessoa/event/event-subgraph') },
    { folder: 'subgraphs/event/src', code: importing('@pessoa/indexer/build-index') },
    { folder: 'subgraphs/event/src', code: importing('@pessoa/databases/migrations') },
    { folder: 'packages/domain/src', code: importing('zod') },
    { folder: 'packages/domain/src', code: importing('base64.js') },
    { folder: 'packages/service/src', code: importing('@pessoa/postgres/connection-pool') },
    { folder: 'packages/graphql-jwt-guard/src', code: importing('@pessoa/domain/cpf') },
    { folder: 'packages/rest/src', code: importing('fastify') },
    { folder: 'packages/search-index/src', code: importing('@pessoa/event/period') },
    { folder: 'packages/audit/src', code: importing('@pessoa/bases/base-a') },
    { folder: 'packages/databases/src', code: importing('@pessoa/subgraph/base/base') },
    { folder: 'indexer/src', code: importing('@pessoa/event/period') },
    { folder: 'witness/src', code: importing('@pessoa/audit/audit-writer') },
    { folder: 'packages/audit-verifier/src', code: importing('@pessoa/service/processes/command-line') },
    { folder: 'packages/transparency-log/src/tree', code: importing('node:fs') },
    { folder: 'packages/transparency-log/src/notes', code: importing('@pessoa/domain/data') },
    { folder: 'auditor/src', code: importing('@pessoa/bases/base-a') },
    { folder: 'router/src/audit-log', code: importing('@pessoa/auditor/config') },
    { folder: 'packages/transparency-log/src/tree', code: importing('@pessoa/domain/errors') },
    { folder: 'packages/transparency-log/src/tree', code: importing('pg') },
    { folder: 'packages/transparency-log/src/map', code: importing('@noble/curves/ed25519.js') },
    { folder: 'packages/transparency-log/src/vrf', code: importing('node:fs') },
  ],
  'eslint(no-restricted-imports)': [
    { folder: 'packages/bases/src', code: importing('../../domain/src/cpf.ts') },
    { folder: 'router/src', code: importing('../../packages/service/src/http/http-service.ts') },
  ],
};

/** Imports that the same rules must accept. */
export const permitted: readonly PlantedImport[] = [
  { folder: 'subgraphs/debt/src/resolvers', code: importing('../dividas/contrato.ts') },
  { folder: 'subgraphs/debt/src/dividas', file: 'prisma-planted.ts', code: importing('../generated/prisma/client.ts') },
  {
    folder: 'subgraphs/event/src/movimentacoes',
    file: 'elasticsearch-planted.ts',
    code: importing('@elastic/elasticsearch'),
  },
  { folder: 'packages/subgraph/src/cache', file: 'redis-planted.ts', code: importing('ioredis') },
  { folder: 'packages/postgres/src', code: importing('pg') },
  { folder: 'operations/src/postgres', code: importing('pg-copy-streams') },
  { folder: 'auditor/src/tree', code: exportingTypeOf('pg') },
  { folder: 'packages/transparency-log/src/tree', code: importing('node:crypto') },
  { folder: 'packages/transparency-log/src/vrf', code: importing('@noble/curves/ed25519.js') },
  { folder: 'subgraphs/score/src/modelo', code: "export const day = new Date('2026-01-01');\n" },
  { folder: 'packages/service/src', code: 'export const sinceMillis = performance.now();\n' },
  { folder: 'packages/service/test', code: 'export const now = Date.now();\n' },
  { folder: 'router/src', code: importing('@pessoa/service/processes/command-line') },
  { folder: 'subgraphs/debt/src', code: importing('@pessoa/subgraph/subgraph') },
  { folder: 'packages/domain/src', code: importing('node:crypto') },
];
