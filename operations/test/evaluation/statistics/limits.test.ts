import { chiSquareLimit, deviationLimit } from '../../../src/evaluation/statistics/limits.ts';

describe('The limits', () => {
  it('of a chi-square distribution are those of its table', () => {
    const at = (level: number, ...degrees: number[]) => degrees.map((each) => chiSquareLimit(each, level));
    const near = (...values: number[]) => values.map((value) => expect.closeTo(value, 3));
    expect(at(0.05, 1, 2, 3, 4, 9, 10, 30)).toEqual(near(3.841, 5.991, 7.815, 9.488, 16.919, 18.307, 43.773));
    expect(at(0.001, 1, 2, 5)).toEqual(near(10.828, 13.816, 20.515));
    expect(at(0.05, 0)).toEqual([0]);
  });

  it('of a deviation are those of a normal distribution, on both sides', () => {
    expect([0.05, 0.01, 0.05 / 3].map(deviationLimit)).toEqual([1.959964, 2.575829, 2.39398].map((limit) => expect.closeTo(limit, 5))); // prettier-ignore
  });
});
