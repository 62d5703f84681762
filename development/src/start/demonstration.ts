import { isDeepStrictEqual } from 'node:util';
import { type Clock, type Data, today } from '@pessoa/domain/data';
import { startProgress } from '@pessoa/operations/progress/progress';
import {
  type Demonstration,
  type ListedPerson,
  readDemonstration,
  writeDemonstration,
} from '@pessoa/service/development/demonstration-file';
import { areEmpty } from '../seed/are-empty.ts';
import { type BaseUrls, loadPopulation } from '../seed/load-population.ts';
import { examplePerson, peopleToTry, rowsToTry } from '../seed/people-to-try/people-to-try.ts';
import { populationFingerprint } from '../seed/population-fingerprint.ts';
import { PESSOAS_DEFAULT, SEED_DEFAULT } from '../seed/seed-arguments.ts';

const listedPeople: readonly ListedPerson[] = peopleToTry.map(({ cpf, nome, situacao, consentimento }) => ({
  cpf,
  nome,
  situacao: situacao.pt,
  consentimento,
}));

/**
 * Replaces the data of the bases by a fictitious population and the people to try, and records it in the data folder.
 * @returns the CPF of a person with debts, a score and events of every kind
 */
export async function loadDemonstration(
  home: string,
  urls: BaseUrls,
  population: { pessoas: number; seed: number; hoje: Data },
): Promise<string> {
  const { pessoas, seed, hoje } = population;
  const progress = startProgress('fictitious people', pessoas, 'people');
  try {
    await loadPopulation(urls, {
      pessoas,
      seed,
      hoje,
      paraExperimentar: rowsToTry(hoje),
      onProgress: (made) => progress.update(made.pessoas, made.indexing ? 'keys and indexes' : ''),
    });
  } finally {
    progress.stop();
  }
  const fingerprint = await populationFingerprint(urls);
  const demonstration = {
    pessoas,
    seed,
    hoje,
    exemplo: examplePerson.cpf,
    paraExperimentar: listedPeople,
    fingerprint,
  };
  await writeDemonstration(home, demonstration);
  return demonstration.exemplo;
}

/**
 * Fills empty bases. It loads the population anew when its day is over, so that the last 30 days are never empty, and when
 * the people to try are others. Data that somebody imported or changed stays as it is.
 */
export async function ensureDemonstration(home: string, urls: BaseUrls, clock: Clock): Promise<void> {
  const hoje = today(clock);
  const loaded = await readDemonstration(home);
  if (!loaded) {
    if (!(await areEmpty(urls))) return; // somebody filled them before the first start
    await loadDemonstration(home, urls, { pessoas: PESSOAS_DEFAULT, seed: SEED_DEFAULT, hoje });
  } else if (isOutdated(loaded, hoje) && (await populationFingerprint(urls)) === loaded.fingerprint) {
    await loadDemonstration(home, urls, {
      pessoas: loaded.pessoas,
      seed: loaded.seed,
      hoje: laterOf(loaded.hoje as Data, hoje),
    });
  }
}

const isOutdated = ({ hoje, paraExperimentar }: Demonstration, today: Data): boolean =>
  hoje < today || !isDeepStrictEqual(paraExperimentar, listedPeople);

const laterOf = (a: Data, b: Data): Data => (a > b ? a : b);
