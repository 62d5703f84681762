import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock, today } from '@pessoa/domain/data';
import { readArguments, runCommand, UsageError } from '@pessoa/service/processes/command-line';
import { labelledPeople, labelledSetNames, labelledSets } from './labelled-sets.ts';
import { setFiles } from './set-files.ts';

const PEOPLE_DEFAULT = 4_000;
const PEOPLE_MAX = 100_000;

const command = {
  name: 'npm run score:sets',
  about: 'Writes made-up people whose chance of default is known: three files to import into Base B, and their labels.',
  options: {
    set: { type: 'string', value: 'NAME', about: 'required: one of those below', values: labelledSetNames },
    to: { type: 'string', value: 'DIR', about: 'required: the folder for the files; made when it is not there' },
    people: { type: 'string', value: 'N', about: `how many, 2 to ${PEOPLE_MAX}; default: ${PEOPLE_DEFAULT}` },
  },
  notes: labelledSetNames.map((name) => `${name}: ${labelledSets[name].about}`),
} as const;

await runCommand(command, async (args) => {
  const { set, to, people = String(PEOPLE_DEFAULT) } = readArguments(command, args).values;
  const name = labelledSetNames.find((each) => each === set);
  if (!name) throw new UsageError('--set is required');
  if (to === undefined || to === '') throw new UsageError('--to is required');
  if (!/^\d{1,6}$/.test(people) || Number(people) < 2 || Number(people) > PEOPLE_MAX)
    throw new UsageError(`--people is a whole number from 2 to ${PEOPLE_MAX}`);
  const made = labelledPeople(name, Number(people), today(systemClock));
  await mkdir(to, { recursive: true });
  for (const [file, text] of Object.entries(setFiles(made))) await writeFile(join(to, file), text);
  const bad = made.filter(({ inadimplente }) => inadimplente).length;
  console.log(`${made.length} people of ${name}, ${bad} in default: ${to}/{pessoas,bens,rendas,labels}.csv`);
});
