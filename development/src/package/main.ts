import { type Command, readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { packGuard } from './pack-guard.ts';

const command = {
  name: 'npm run pack:guard',
  about:
    'Packs graphql-jwt-guard as npm would publish it: JavaScript with .d.ts files. Prints the path of the tarball.',
  args: '[FOLDER]',
  options: {},
  notes: ['FOLDER: where the tarball goes. Default: the current folder.'],
} as const satisfies Command;

await runCommand(command, async (args) => {
  const { positionals } = readArguments(command, args);
  process.stdout.write(`${packGuard(positionals[0] ?? process.cwd())}\n`);
});
