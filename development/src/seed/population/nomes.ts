import { faker } from '@faker-js/faker/locale/pt_BR';
import type { Prng } from './prng.ts';

// Calling Faker's functions would take longer than the rest of a person. Its lists are enough.
const { female, male } = faker.rawDefinitions.person?.first_name ?? {};
const surnames = faker.rawDefinitions.person?.last_name?.generic ?? [];

const givenNames: readonly (readonly [names: readonly string[], marker: string])[] = [
  [female ?? [], 'Fictícia'],
  [male ?? [], 'Fictício'],
];

/** A name that is visibly invented: it ends in `Fictícia` or `Fictício`. */
export function nomeFicticio(prng: Prng): string {
  const [names, marker] = prng.pick(givenNames);
  const first = prng.pick(surnames);
  if (prng.chance(0.4)) return `${prng.pick(names)} ${first} ${marker}`;
  return `${prng.pick(names)} ${first} ${prng.pick(surnames)} ${marker}`;
}
