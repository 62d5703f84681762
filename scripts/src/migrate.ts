import { applyMigrations } from '@pessoa/platform/base/migrations';
import { openConnections, ownedDatabases } from './system/connections.ts';

/** `npm run db:migrate`: brings every database whose owner we know to the newest migration. */
try {
  const connections = await openConnections(process.env);
  try {
    for (const { name, adminUrl, migrations } of ownedDatabases(connections)) {
      const applied = await applyMigrations(adminUrl, migrations);
      console.log(`${name}: ${applied.length === 0 ? 'up to date' : `applied ${applied.join(', ')}`}`);
    }
  } finally {
    await connections.close();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
