import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@pessoa/databases/embedded/postgres-cluster';
import { applyMigrations } from '@pessoa/databases/migrations';
import { schemaDifference } from '@pessoa/databases/schema-difference';
import { isService, serviceNames } from '@pessoa/domain/services';
import { root } from '@pessoa/operations/system/home';
import { readArguments, runCommand, UsageError } from '@pessoa/service/processes/command-line';

const command = {
  name: 'npm run db:diff',
  about:
    'Prints the SQL that brings the migrations of a subgraph up to its schema.prisma, for the next folder under\n' +
    'prisma/migrations. Prints nothing when they agree. Reads no base: the migrations run on a temporary PostgreSQL.',
  args: serviceNames.join('|'),
  options: {},
};

await runCommand(command, async (args) => {
  const [subgraph = '', ...otherArguments] = readArguments(command, args).positionals;
  if (!isService(subgraph) || otherArguments.length > 0) throw new UsageError(`name one of ${serviceNames.join(', ')}`);
  const prisma = join(root, 'subgraphs', subgraph, 'prisma');
  const home = await mkdtemp(join(tmpdir(), 'pessoa-diff-'));
  await chmod(home, 0o755); // PostgreSQL's own user must be able to enter
  const cluster = await startPostgres({ home, settings: { fsync: 'off' } });
  try {
    const url = cluster.superuserUrl('postgres');
    await applyMigrations(url, join(prisma, 'migrations'));
    const sql = await schemaDifference(url, join(prisma, 'schema.prisma'));
    if (sql !== '') console.log(sql);
  } finally {
    await cluster.stop();
    for (const folder of new Set([home, cluster.place.home])) await rm(folder, { recursive: true, force: true });
  }
});
