import { loadPopulation } from '@pessoa/development/seed/load-population';
import { consentsToTry, rowsToTry } from '@pessoa/development/seed/people-to-try/people-to-try';
import { systemClock, today } from '@pessoa/domain/data';
import { ownerUrls } from '@pessoa/testkit/test-bases';
import { startWholeGraph, type WholeGraph, type WholeGraphOptions } from './whole-graph.ts';

/** A whole graph with the people to try and nobody else, up to today. */
export async function startGraphOfPeopleToTry(options: WholeGraphOptions = {}): Promise<WholeGraph> {
  const graph = await startWholeGraph({ wiring: 'single', ...options });
  const hoje = today(systemClock);
  await loadPopulation(ownerUrls(graph.bases), { pessoas: 0, seed: 1, hoje, paraExperimentar: rowsToTry(hoje) });
  await graph.waitUntilIndexed();
  return graph;
}

/** The consents of the people to try, each with an id, as an issuer puts them into a token. */
export const consentClaims = () =>
  consentsToTry(systemClock).map((consent, index) => ({ id: `urn:operador:C${index + 1}`, ...consent }));
