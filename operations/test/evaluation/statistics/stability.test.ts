import fc from 'fast-check';
import {
  chanceIndex,
  countByEdges,
  countByName,
  shiftOf,
  stabilityIndex,
} from '../../../src/evaluation/statistics/stability.ts';
import { linear } from './generated.ts';

describe('The population stability index', () => {
  it('of a population with itself is 0, and never negative', () => {
    const counts = fc.array(fc.nat(500), { minLength: 2, maxLength: 10 }).filter((list) => list.some((count) => count > 0)); // prettier-ignore
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        expect(stabilityIndex(a, a)).toBeCloseTo(0, 12);
        const length = Math.min(a.length, b.length);
        const [before, after] = [a, b].map((list) => list.slice(0, length).map((count) => count + 1)) as [number[], number[]]; // prettier-ignore
        expect(stabilityIndex(before, after)).toBeGreaterThanOrEqual(0);
        expect(stabilityIndex(before, after)).toBeCloseTo(stabilityIndex(after, before), 10);
      }),
      generatedProperty(1_000),
    );
  });

  it('is the sum over the groups of the difference of shares times the logarithm of their ratio', () => {
    expect(stabilityIndex([50, 50], [75, 25])).toBeCloseTo(0.25 * Math.log(1.5) - 0.25 * Math.log(0.5), 12);
    expect([0.099, 0.1, 0.25].map((index) => shiftOf(index, 0.01))).toEqual(['none', 'some', 'large']);
  });

  it('reads no shift from samples so small that they differ so by chance', () => {
    // Nine degrees: 16.919 times the inverse sizes.
    expect(chanceIndex(10, 100, 50, 0.05)).toBeCloseTo(16.919 * 0.03, 4);
    expect(chanceIndex(10, 4_000, 4_000, 0.05)).toBeLessThan(0.01);
    expect(shiftOf(0.3, 0.507)).toBe('inconclusive');
    expect(shiftOf(0.3, 0.299)).toBe('large');
    expect(shiftOf(0.05, 0.507)).toBe('none');
  });

  it('of two samples of one population is beyond the chance index about once in twenty times', () => {
    const next = linear(29);
    const draw = (size: number) => {
      const counts = Array<number>(10).fill(0);
      for (let index = 0; index < size; index++) counts[Math.floor(next() * 10)]!++;
      return counts;
    };
    const limit = chanceIndex(10, 200, 200, 0.05);
    const beyond = Array.from({ length: 1_000 }, () => stabilityIndex(draw(200), draw(200))).filter((index) => index > limit).length; // prettier-ignore
    expect(beyond).toBeGreaterThan(25);
    expect(beyond).toBeLessThan(85);
  });

  it('counts scores below the first edge in the first group', () => {
    expect(countByEdges([1, 10, 19, 20, 99], [10, 20])).toEqual([3, 2]);
    expect(countByName(['a', 'b', 'a'], ['a', 'b', 'c'])).toEqual([2, 1, 0]);
  });
});
