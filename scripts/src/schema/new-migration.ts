import { join } from 'node:path';
import { schemaToSql } from '@pessoa/platform/base/migrations';
import { root } from '../system/home.ts';
import { openConnections } from '../system/connections.ts';

/**
 * `npm run db:diff -- debt`: prints the SQL that an empty database needs to become what the subgraph's schema.prisma says.
 * Take from it what is new and commit it as the next folder under prisma/migrations.
 */
const subgraph = process.argv[2] ?? '';
const base = { debt: 'baseA', score: 'baseB', event: 'baseC' }[subgraph] as 'baseA' | 'baseB' | 'baseC' | undefined;
if (!base) {
  console.error('usage: npm run db:diff -- debt | score | event');
  process.exit(1);
}
const connections = await openConnections(process.env);
try {
  const { adminUrl, url } = connections[base];
  console.log(await schemaToSql(adminUrl ?? url, join(root, 'subgraphs', subgraph, 'prisma', 'schema.prisma')));
} finally {
  await connections.close();
}
