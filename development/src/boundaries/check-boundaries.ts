import { takeNoArguments } from '@pessoa/service/processes/command-line';
import { manifestFaults } from './allowed-dependencies.ts';
import { lintFaults } from './lint-faults.ts';
import { readmeFaults } from './readme-faults.ts';
import { readWorkspaces } from './workspaces.ts';

takeNoArguments({
  name: 'npm run boundaries',
  about:
    'Fails when a workspace has a forbidden dependency, its README differs from the table, or lint accepts a planted import.',
  options: {},
});

const workspaces = readWorkspaces();
for (const fault of [...manifestFaults(workspaces), ...readmeFaults(workspaces), ...lintFaults()]) {
  console.error(fault);
  process.exitCode = 1;
}
