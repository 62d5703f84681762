import { dayInSaoPaulo } from '@pessoa/domain/data';
import type { Data } from '@pessoa/domain/data';
import { fictitiousPerson } from '../../../src/seed/population/fictitious-person.ts';
import type { FictitiousPerson } from '../../../src/seed/population/rows.ts';

export const HOJE = '2026-11-22' as Data;
export const SEED = 41;
export const POPULATION_SIZE = 2_000;
export const people = Array.from({ length: POPULATION_SIZE }, (_, index) => fictitiousPerson(index, SEED, HOJE));

export const share = (has: (person: FictitiousPerson) => boolean): number =>
  people.filter(has).length / POPULATION_SIZE;

const daysByHour = new Map<string, Data>();

export function dayOfInstant(instant: string): Data {
  const hour = instant.slice(0, 13);
  const day = daysByHour.get(hour) ?? dayInSaoPaulo(new Date(instant));
  daysByHour.set(hour, day);
  return day;
}
