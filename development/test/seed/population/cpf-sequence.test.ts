import { fiscalRegionDigit, readCpf } from '@pessoa/domain/cpf';
import fc from 'fast-check';
import { FIRST_RESERVED, POPULATION_MAX, cpfAt } from '../../../src/seed/population/cpf-sequence.ts';
import type { Uf } from '../../../src/seed/population/cpf-sequence.ts';
import { mix } from '../../../src/seed/population/prng.ts';

const ufs = Object.keys(fiscalRegionDigit) as Uf[];

describe('CPFs of a population', () => {
  it('are valid and have the fiscal region of the state, for every index and seed', () => {
    fc.assert(
      fc.property(fc.nat(POPULATION_MAX - 1), fc.nat(), fc.constantFrom(...ufs), (index, seed, uf) => {
        const cpf = cpfAt(index, seed, uf);
        expect(readCpf(cpf)).toBe(cpf);
        expect(Number(cpf[8])).toBe(fiscalRegionDigit[uf]);
      }),
    );
  });

  it('are all different, for any state, also around the indexes of eight equal digits', () => {
    const firstDigits = new Set<string>();
    const from = 11_111_110 - 25_000;
    for (let index = from; index < from + 50_000; index++)
      firstDigits.add(cpfAt(index, 7, ufs[index % ufs.length] as Uf).slice(0, 8));
    expect(firstDigits.size).toBe(50_000);
  });

  /** Inverts the sequence: the index whose first candidate has these eight digits. */
  function indexBefore(eightDigits: number, seed: number): number {
    let [left, right] = [Math.floor(eightDigits / 10_000), eightDigits % 10_000];
    for (let round = 3; round >= 0; round--) {
      const before = (right - (mix(left ^ mix(seed + round)) % 10_000) + 10_000) % 10_000;
      [left, right] = [before, left];
    }
    const start = left * 10_000 + right;
    return start - Math.floor(start / 11_111_111) - 1;
  }

  it('never have eight equal digits, which could become eleven equal digits', () => {
    const seed = 7;
    for (let digit = 0; digit < 10; digit++) {
      const cpf = cpfAt(indexBefore(digit * 11_111_111, seed), seed, 'SP');
      expect(cpf.slice(0, 8)).not.toBe(String(digit).repeat(8));
      expect(readCpf(cpf)).toBe(cpf);
    }
  });

  it.each([1, 7, 2026])('of seed %i never begin with 999.999, which is reserved for the people to try', (seed) => {
    for (let eightDigits = FIRST_RESERVED; eightDigits < 99_999_999; eightDigits++) {
      const index = indexBefore(eightDigits, seed);
      if (index >= POPULATION_MAX) continue;
      expect(cpfAt(index, seed, 'SP').slice(0, 6)).not.toBe('999999');
    }
  });

  it('are scattered: neighbours do not have neighbouring numbers', () => {
    const first = Array.from({ length: 200 }, (_, index) => Number(cpfAt(index, 1, 'SP').slice(0, 8)));
    const near = first.filter((number, index) => index > 0 && Math.abs(number - (first[index - 1] as number)) < 10_000);
    expect(near.length).toBeLessThan(3);
  });

  it('exist only for an index below the largest population', () => {
    expect(() => cpfAt(POPULATION_MAX, 1, 'SP')).toThrow(RangeError);
    expect(() => cpfAt(-1, 1, 'SP')).toThrow(RangeError);
  });
});
