import { cpfFromBase, fiscalRegionDigit } from '@pessoa/domain/cpf';
import type { Cpf } from '@pessoa/domain/cpf';
import { mix } from './prng.ts';

export type Uf = keyof typeof fiscalRegionDigit;

const HALF = 10_000;
const REPEATED_EVERY = 11_111_111;
const isRepeated = (eightDigits: number): boolean => eightDigits % REPEATED_EVERY === 0;

/** From here on the eight digits belong to the people to try: CPFs that begin with 999.999 are in no population. */
export const FIRST_RESERVED = 99_999_900;

/** How many people one seed has: eight digits below the reserved ones, without those that repeat. */
export const POPULATION_MAX = FIRST_RESERVED - 9;

/** Four Feistel rounds over two halves of four digits: each eight digits come from exactly one other eight digits. */
function scatter(eightDigits: number, seed: number): number {
  let left = Math.floor(eightDigits / HALF);
  let right = eightDigits % HALF;
  for (let round = 0; round < 4; round++) {
    [left, right] = [right, (left + mix(right ^ mix(seed + round))) % HALF];
  }
  return left * HALF + right;
}

/**
 * The CPF of the person at `index` (0 to POPULATION_MAX - 1): different for every index of one seed, scattered, with the
 * fiscal region digit of `uf`. Eight equal digits are stepped over, since with the region and check digits they could
 * make the eleven equal digits that were never issued. So are the reserved ones.
 */
export function cpfAt(index: number, seed: number, uf: Uf): Cpf {
  if (!Number.isInteger(index) || index < 0 || index >= POPULATION_MAX) {
    throw new RangeError(`a population has at most ${POPULATION_MAX} people`);
  }
  let eightDigits = index + Math.floor(index / (REPEATED_EVERY - 1)) + 1;
  do eightDigits = scatter(eightDigits, seed);
  while (isRepeated(eightDigits) || eightDigits >= FIRST_RESERVED);
  return cpfFromBase(`${eightDigits.toString().padStart(8, '0')}${fiscalRegionDigit[uf]}`);
}
