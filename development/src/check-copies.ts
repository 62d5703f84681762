import { execFileSync } from 'node:child_process';
import { root } from '@pessoa/operations/system/home';
import { takeNoArguments } from '@pessoa/service/processes/command-line';

takeNoArguments({
  name: 'npm run copies',
  about: 'Fails when graphql or federation-internals is installed twice.',
  options: {},
});

// Two copies of graphql mix up schemas. Two of federation-internals break every entity query (`reading 'kind'`).
const SINGLE = ['graphql', '@apollo/federation-internals'];

for (const name of SINGLE) {
  const paths = execFileSync('npm', ['ls', name, '--all', '--parseable'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const copies = new Set(paths.split('\n').filter((path) => path.endsWith(`node_modules/${name}`)));
  if (copies.size === 1) continue;
  console.error(`${copies.size} copies of ${name} are installed: pin one version at the root (see CONTRIBUTING.md)`);
  process.exitCode = 1;
}
