import { type Command, readArguments, runCommand, UsageError } from '@pessoa/service/processes/command-line';
import { packables, packWorkspace } from './pack-workspace.ts';

const command = {
  name: 'npm run pack:guard or pack:verifier',
  about: 'Packs a workspace as npm would publish it: JavaScript with .d.ts files. Prints the path of the tarball.',
  args: '[FOLDER]',
  options: {},
  notes: ['FOLDER: where the tarball goes. Default: the current folder.'],
} as const satisfies Command;

await runCommand(command, async (args) => {
  const [name, folder = process.cwd()] = readArguments(command, args).positionals;
  if (name !== 'guard' && name !== 'verifier') throw new UsageError('The package is guard or verifier.');
  process.stdout.write(`${packWorkspace(packables[name], folder)}\n`);
});
