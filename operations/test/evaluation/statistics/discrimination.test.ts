import fc from 'fast-check';
import { discrimination, kolmogorovSmirnov, rocCurve } from '../../../src/evaluation/statistics/discrimination.ts';
import { outcomes } from './generated.ts';

describe('The AUC', () => {
  it('is the share of pairs in order, a tie counting half', () => {
    // (1,2) (1,4) (2,4) (3,4) in order, (2,2) tied, (3,2) wrong.
    expect(discrimination({ bad: [1, 2, 3], good: [2, 4] }).auc).toBeCloseTo(4.5 / 6, 12);
  });

  it('equals the share counted pair by pair', () => {
    fc.assert(
      fc.property(outcomes, ({ bad, good }) => {
        const pairs: number[] = bad.flatMap((b) => good.map((g) => (b < g ? 1 : b === g ? 0.5 : 0)));
        expect(discrimination({ bad, good }).auc).toBeCloseTo(pairs.reduce((a, b) => a + b, 0) / pairs.length, 10);
      }),
      generatedProperty(1_000),
    );
  });

  it('does not change when scores are transformed without changing their order, and turns over when they are reversed', () => {
    fc.assert(
      fc.property(outcomes, ({ bad, good }) => {
        const mapped = (change: (score: number) => number) => ({ bad: bad.map(change), good: good.map(change) });
        const { auc, aucInterval, gini } = discrimination({ bad, good });
        expect(discrimination(mapped((score) => 1 / (1 + Math.exp(-score / 85))))).toEqual({
          auc,
          aucInterval,
          gini,
          giniInterval: expect.anything(),
        });
        expect(discrimination(mapped((score) => -score)).auc).toBeCloseTo(1 - auc, 10);
      }),
      generatedProperty(1_000),
    );
  });

  it('has DeLong’s interval: the variance of the placements of each group over its size', () => {
    // Placements of 1, 2, 3: 1, 0.75, 0.5; of 2, 4: 0.5, 1. Variances 0.0625 and 0.125.
    const { auc, aucInterval, giniInterval } = discrimination({ bad: [1, 2, 3], good: [2, 4] });
    const half = 1.959964 * Math.sqrt(0.0625 / 3 + 0.125 / 2);
    expect(aucInterval.from).toBeCloseTo(auc - half, 6);
    expect(aucInterval.to).toBe(1); // limited
    expect(giniInterval.from).toBeCloseTo(2 * (auc - half) - 1, 6);
  });

  it('is the area under the curve', () => {
    fc.assert(
      fc.property(outcomes, (sample) => {
        const curve = rocCurve(sample);
        const area = curve.slice(1).reduce((sum, [x, y], index) => {
          const [previousX, previousY] = curve[index]!;
          return sum + ((x - previousX) * (y + previousY)) / 2;
        }, 0);
        expect(area).toBeCloseTo(discrimination(sample).auc, 10);
        expect(curve.at(-1)).toEqual([1, 1]);
      }),
      generatedProperty(1_000),
    );
  });
});

describe('The statistic of Kolmogorov and Smirnov', () => {
  it('is the most by which the two shares differ, and where', () => {
    expect(kolmogorovSmirnov({ bad: [1, 2, 3], good: [2, 4] })).toEqual({ ks: 0.5, at: 3 });
    expect(kolmogorovSmirnov({ bad: [1, 2], good: [3, 4] })).toEqual({ ks: 1, at: 2 });
    expect(kolmogorovSmirnov({ bad: [1, 2], good: [1, 2] }).ks).toBe(0);
  });
});
