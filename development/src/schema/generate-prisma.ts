import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { serviceNames } from '@pessoa/domain/services';
import { root } from '@pessoa/operations/system/home';
import { takeNoArguments } from '@pessoa/service/processes/command-line';

takeNoArguments({
  name: 'npm run generate:prisma',
  about: 'Generates the Prisma client of each subgraph.',
  options: {},
});

// Every prisma command downloads a schema engine, which this one does not need. The path of any program prevents that.
const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' };

// Each subgraph has a client of its own: two clients in one node_modules overwrite each other.
for (const subgraph of serviceNames) {
  const schema = join(root, 'subgraphs', subgraph, 'prisma', 'schema.prisma');
  const cli = join(root, 'node_modules', 'prisma', 'build', 'index.js');
  const { status, stderr, stdout } = spawnSync(process.execPath, [cli, 'generate', '--schema', schema], {
    env,
    encoding: 'utf8',
  });
  if (status !== 0) {
    process.stderr.write(`prisma generate failed for ${subgraph}:\n${stdout}${stderr}`);
    process.exit(1);
  }
}
