import { takeNoArguments } from '@pessoa/service/processes/command-line';
import { manifestFaults } from './allowed-dependencies.ts';
import { readmeFaults } from './readme-faults.ts';
import { readWorkspaces } from './workspaces.ts';

takeNoArguments({
  name: 'npm run boundaries',
  about: 'Fails when a workspace depends on what it may not, or its README says otherwise.',
  options: {},
});

const workspaces = readWorkspaces();
for (const fault of [...manifestFaults(workspaces), ...readmeFaults(workspaces)]) {
  console.error(fault);
  process.exitCode = 1;
}
