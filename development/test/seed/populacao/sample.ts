import { dayInSaoPaulo } from '@pessoa/domain/data';
import type { Data } from '@pessoa/domain/data';
import { pessoa } from '../../../src/seed/populacao/pessoa.ts';
import type { PessoaFicticia } from '../../../src/seed/populacao/rows.ts';

export const HOJE = '2026-11-22' as Data;
export const SEED = 41;
export const N = 2_000;
export const people = Array.from({ length: N }, (_, index) => pessoa(index, SEED, HOJE));

export const share = (has: (person: PessoaFicticia) => boolean): number => people.filter(has).length / N;

const daysByHour = new Map<string, Data>();

export function dayOfInstant(instant: string): Data {
  const hour = instant.slice(0, 13);
  const day = daysByHour.get(hour) ?? dayInSaoPaulo(new Date(instant));
  daysByHour.set(hour, day);
  return day;
}
