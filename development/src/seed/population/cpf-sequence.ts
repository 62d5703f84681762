import { cpfFromBase, fiscalRegionDigit } from '@pessoa/domain/cpf';
import type { Cpf } from '@pessoa/domain/cpf';
import { mix } from './prng.ts';

export type Uf = keyof typeof fiscalRegionDigit;

const HALF = 10_000;
const REPEATED_EVERY = 11_111_111;
const isRepeated = (eightDigits: number): boolean => eightDigits % REPEATED_EVERY === 0;

/** From here on the eight digits are reserved for the people to try: no population has a CPF that begins with 999.999. */
export const FIRST_RESERVED = 99_999_900;

/** The number of CPFs of one seed: all eight digits below the reserved ones, except eight equal digits. */
export const POPULATION_MAX = FIRST_RESERVED - 9;

/** A permutation of all numbers of eight digits: four Feistel rounds over two halves of four digits. */
function scatter(eightDigits: number, seed: number): number {
  let left = Math.floor(eightDigits / HALF);
  let right = eightDigits % HALF;
  for (let round = 0; round < 4; round++) {
    [left, right] = [right, (left + mix(right ^ mix(seed + round))) % HALF];
  }
  return left * HALF + right;
}

/**
 * The CPF of the person at `index`, with the fiscal region digit of `uf`. Each index of a seed has another CPF, and the CPFs are
 * scattered. Eight equal digits are skipped: with the region and check digits they could make eleven equal digits, which
 * no CPF has. Reserved digits are skipped too.
 *
 * @param index 0 to POPULATION_MAX - 1
 * @throws RangeError for an index outside that
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
