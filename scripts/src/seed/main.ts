import { systemClock } from '@pessoa/domain/data';
import { withAdminUrls } from '../bases.ts';
import { loadDemonstration } from '../start/demonstration.ts';
import { pessoaHome } from '../system/home.ts';
import { bases } from './load-population.ts';
import { readSeedArguments } from './seed-arguments.ts';

try {
  const wanted = readSeedArguments(process.argv.slice(2), systemClock);
  const exemplo = await withAdminUrls(bases, (urls) => loadDemonstration(pessoaHome(process.env), urls, wanted));
  const { pessoas, hoje, seed } = wanted;
  console.log(`${pessoas} fictitious people of ${hoje} (seed ${seed}); one with something of everything: ${exemplo}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
