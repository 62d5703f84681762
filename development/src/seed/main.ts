import { systemClock } from '@pessoa/domain/data';
import { baseNames } from '@pessoa/domain/services';
import { withAdminUrls } from '@pessoa/operations/bases';
import { pessoaHome } from '@pessoa/operations/system/home';
import { runCommand } from '@pessoa/service/processes/command-line';
import { loadDemonstration } from '../start/demonstration.ts';
import { readSeedArguments, seedCommand } from './seed-arguments.ts';

await runCommand(seedCommand, async (args) => {
  const population = readSeedArguments(args, systemClock);
  const exemplo = await withAdminUrls(baseNames, (urls) =>
    loadDemonstration(pessoaHome(process.env), urls, population),
  );
  const { pessoas, hoje, seed } = population;
  console.log(`${pessoas} fictitious people of ${hoje} (seed ${seed}); one with data of every kind: ${exemplo}`);
});
