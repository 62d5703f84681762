import { scoreRange } from '../../../src/evaluation/statistics/groups.ts';
import { isComparable, lowest, shareDifference } from '../../../src/evaluation/statistics/means.ts';

it('A group of more people than a call has arguments has a range of scores', () => {
  expect(scoreRange(Array.from({ length: 300_000 }, (_, index) => ({ valor: index % 1_001 })))).toBe('0–1000');
  expect(lowest([])).toBe(Infinity);
});

it('Two shares can be compared when five are expected on each side of both', () => {
  expect(isComparable({ of: 5, in: 50 }, { of: 5, in: 50 })).toBe(true);
  expect(isComparable({ of: 4, in: 50 }, { of: 5, in: 50 })).toBe(false);
  expect(isComparable({ of: 46, in: 50 }, { of: 45, in: 50 })).toBe(false);
});

it('Two shares differ by standard deviations of their pooled share', () => {
  // 0.3 and 0.1 of 100 each: pooled 0.2, deviation sqrt(0.2 * 0.8 * 0.02).
  expect(shareDifference({ of: 30, in: 100 }, { of: 10, in: 100 })).toBeCloseTo(0.2 / Math.sqrt(0.0032), 10);
  expect(shareDifference({ of: 0, in: 5 }, { of: 0, in: 9 })).toBe(0);
});
