import { applyMigrations } from '@pessoa/databases/migrations';
import { systemClock } from '@pessoa/domain/data';
import { baseNames, perBase } from '@pessoa/domain/services';
import { openConnections, ownedDatabases } from '@pessoa/operations/system/connections';
import { pessoaHome } from '@pessoa/operations/system/home';
import { onSupervisorGone } from '@pessoa/service/processes/end-of-process';
import { ensureDemonstration } from './demonstration.ts';

/**
 * Migrates the databases and fills the embedded ones. It is a process of its own, so that the supervisor does not keep the migration
 * engine and the population's tables in memory. Its arguments are the disabled parts: an external base among them is not
 * migrated.
 */
onSupervisorGone(() => process.exit(1));
const disabledParts = process.argv.slice(2);

async function prepare(): Promise<void> {
  const connections = await openConnections(process.env);
  for (const { name, adminUrl, adminSetting, migrations, embedded } of ownedDatabases(connections)) {
    if (!embedded && disabledParts.includes(name.toLowerCase().replace(' ', '-'))) continue;
    const appliedMigrations = await applyMigrations(adminUrl, migrations, adminSetting);
    if (appliedMigrations.length > 0)
      process.stderr.write(`  ${name}: ${appliedMigrations.length} migration(s) applied\n`);
  }
  if (baseNames.every((base) => connections[base].embedded)) {
    const urls = perBase((base) => connections[base].adminUrl!);
    await ensureDemonstration(pessoaHome(process.env), urls, systemClock);
  }
  await connections.close();
}

await prepare().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
process.exit(); // stdin, which the supervisor holds open, would keep the process alive
