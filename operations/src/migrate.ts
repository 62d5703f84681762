import { addMonths } from '@pessoa/audit/months';
import { applyMigrations } from '@pessoa/databases/migrations';
import { readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { messageOf } from './commands/command-error.ts';
import { openConnections, ownedDatabases } from './system/connections.ts';

const command = {
  name: 'npm run db:migrate',
  about: 'Brings every database whose owner we know (BASE_x_ADMIN_URL, AUDIT_ADMIN_URL) to the newest migration.',
  options: {},
};

/** A month that cannot be added now is added by the auditor: nothing of a migration is missing. */
async function addComingMonths(adminUrl: string): Promise<void> {
  try {
    await addMonths(adminUrl);
  } catch (error) {
    console.error(`auditoria: the coming months are not added: ${messageOf(error)}`);
  }
}

await runCommand(command, async (args) => {
  readArguments(command, args);
  const connections = await openConnections(process.env);
  try {
    for (const { name, adminUrl, adminSetting, migrations } of ownedDatabases(connections)) {
      const applied = await applyMigrations(adminUrl, migrations, adminSetting);
      console.log(`${name}: ${applied.length === 0 ? 'up to date' : `applied ${applied.join(', ')}`}`);
      if (name === 'auditoria') await addComingMonths(adminUrl);
    }
  } finally {
    await connections.close();
  }
});
