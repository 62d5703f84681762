import { type Command, readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { packables, packWorkspace } from './pack-workspace.ts';

const isPackable = (name: string | undefined): name is keyof typeof packables =>
  name !== undefined && Object.hasOwn(packables, name);

// The script of package.json names what it packs before the arguments of the user.
const [name] = process.argv.splice(2, 1);
if (!isPackable(name)) throw new Error(`${name} is none of ${Object.keys(packables).join(', ')}`);

const command = {
  name: `npm run pack:${name}`,
  about: `Packs ${packables[name].folder} as npm would publish it: JavaScript with .d.ts files. Prints the path of the tarball.`,
  args: '[FOLDER]',
  options: {},
  notes: ['FOLDER: where the tarball goes. Default: the current folder.'],
} as const satisfies Command;

await runCommand(command, async (args) => {
  const { positionals } = readArguments(command, args);
  process.stdout.write(`${packWorkspace(packables[name], positionals[0] ?? process.cwd())}\n`);
});
