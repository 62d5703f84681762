import { type Clock, type Data, today } from '@pessoa/domain/data';
import { startProgress } from '../progress/progress.ts';
import { areEmpty } from '../seed/are-empty.ts';
import { type BaseUrls, loadPopulation } from '../seed/load-population.ts';
import { exemplo } from '../seed/populacao/exemplo.ts';
import { populationFingerprint } from '../seed/population-fingerprint.ts';
import { PESSOAS_DEFAULT, SEED_DEFAULT } from '../seed/seed-arguments.ts';
import { readDemonstration, writeDemonstration } from './demonstration-file.ts';

/**
 * Replaces what the bases hold by a fictitious population and notes what was loaded.
 * @returns the CPF of somebody with debts, score and events of every kind
 */
export async function loadDemonstration(
  home: string,
  urls: BaseUrls,
  wanted: { pessoas: number; seed: number; hoje: Data },
): Promise<string> {
  const { pessoas, seed, hoje } = wanted;
  const progress = startProgress('fictitious people', pessoas, 'people');
  try {
    await loadPopulation(urls, {
      pessoas,
      seed,
      hoje,
      onProgress: (made) => progress.update(made.pessoas, made.indexing ? 'keys and indexes' : ''),
    });
  } finally {
    progress.stop();
  }
  const fingerprint = await populationFingerprint(urls);
  const demonstration = { pessoas, seed, hoje, exemplo: exemplo(seed, pessoas), fingerprint };
  await writeDemonstration(home, demonstration);
  return demonstration.exemplo;
}

/**
 * Fills empty embedded bases, and moves a demonstration that nobody touched forward to today, so that its last 30 days are
 * never empty. Data that somebody imported or changed stays as it is.
 */
export async function ensureDemonstration(home: string, urls: BaseUrls, clock: Clock): Promise<void> {
  const hoje = today(clock);
  const loaded = await readDemonstration(home);
  if (!loaded) {
    if (!(await areEmpty(urls))) return; // filled by somebody else, before the first start
    await loadDemonstration(home, urls, { pessoas: PESSOAS_DEFAULT, seed: SEED_DEFAULT, hoje });
  } else if (loaded.hoje < hoje && (await populationFingerprint(urls)) === loaded.fingerprint) {
    await loadDemonstration(home, urls, { pessoas: loaded.pessoas, seed: loaded.seed, hoje });
  }
}
