import fc from 'fast-check';
import { brierScore, calibration } from '../../src/evaluation/statistics/calibration.ts';
import { decisionAt } from '../../src/evaluation/statistics/decision.ts';
import { discrimination, kolmogorovSmirnov, rocCurve } from '../../src/evaluation/statistics/discrimination.ts';
import { gains } from '../../src/evaluation/statistics/gains.ts';
import { byScore, scoreRange } from '../../src/evaluation/statistics/groups.ts';
import { informationValues } from '../../src/evaluation/statistics/information-value.ts';
import { chiSquareLimit, deviationLimit } from '../../src/evaluation/statistics/limits.ts';
import { isComparable, lowest, shareDifference, shareInterval } from '../../src/evaluation/statistics/means.ts';
import {
  chanceIndex,
  countByEdges,
  countByName,
  shiftOf,
  stabilityIndex,
} from '../../src/evaluation/statistics/stability.ts';

const scores = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 60 });
const outcomes = fc.record({ bad: scores, good: scores });

/** Numbers from 0 to 1, the same in each run (Park and Miller). */
const linear = (seed: number) => {
  let state = seed % 2_147_483_647;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
};

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

describe('The calibration', () => {
  const people = (bad: number, good: number, chance: number) => [
    ...Array.from({ length: bad }, () => ({ chance, inadimplente: true })),
    ...Array.from({ length: good }, () => ({ chance, inadimplente: false })),
  ];

  it('holds for as many defaults as the scores say', () => {
    const { groups, inTheLarge, hosmerLemeshow, isCalibrated } = calibration([
      ['a', people(10, 90, 0.1)],
      ['b', people(30, 70, 0.3)],
    ]);
    expect(groups.map(({ said, observed }) => [said, observed])).toEqual([
      [expect.closeTo(0.1, 10), 0.1],
      [expect.closeTo(0.3, 10), 0.3],
    ]);
    expect([inTheLarge, hosmerLemeshow.chiSquare]).toEqual([expect.closeTo(0, 10), expect.closeTo(0, 10)]);
    expect(isCalibrated).toBe(true);
  });

  it('counts standard deviations of the sum of the chances, in all and in each group', () => {
    // 20 of 100 at a chance of 0.1: deviation of 10 over sqrt(9).
    const { inTheLarge, hosmerLemeshow, isCalibrated } = calibration([['a', people(20, 80, 0.1)]]);
    expect(inTheLarge).toBeCloseTo(10 / 3, 10);
    expect(hosmerLemeshow.chiSquare).toBeCloseTo(100 / 9, 10);
    expect(isCalibrated).toBe(false);
  });

  it('does not let two wrong groups mend each other', () => {
    const { inTheLarge, isCalibrated } = calibration([
      ['a', people(30, 70, 0.2)],
      ['b', people(10, 90, 0.2)],
    ]);
    expect(inTheLarge).toBeCloseTo(0, 10);
    expect(isCalibrated).toBe(false);
  });

  it('shares one chance in twenty between all together, the bands and the tenths', () => {
    const of = (bad: number) => calibration([['a', people(bad, 100 - bad, 0.1)]]);
    // 17 of 100 at a chance of 0.1 are 2.33 deviations: beyond 1.96, and within the limit of one question of three.
    expect(of(17)).toMatchObject({ inTheLargeLimit: expect.closeTo(2.394, 3), isCalibrated: true });
    expect(of(17).hosmerLemeshow).toEqual({
      chiSquare: expect.closeTo(49 / 9, 10),
      degrees: 1,
      limit: expect.closeTo(2.394 ** 2, 2),
    });
    expect(of(18).isCalibrated).toBe(false);
  });

  it('calls calibrated scores so in about 95 draws of 100, by bands and tenths together', () => {
    const next = linear(20_261_129);
    const hits = Array.from({ length: 200 }, () => {
      const drawn = Array.from({ length: 400 }, (_, index) => {
        const chance = 0.02 + 0.6 * (index / 400);
        return { chance, inadimplente: next() < chance };
      });
      const cut = (parts: number) => Array.from({ length: parts }, (_, part) => [String(part), drawn.slice((part * 400) / parts, ((part + 1) * 400) / parts)] as const); // prettier-ignore
      return calibration(cut(4)).isCalibrated && calibration(cut(10)).isCalibrated;
    }).filter(Boolean).length;
    expect(hits / 200).toBeGreaterThanOrEqual(0.93);
  });

  it('joins groups in which fewer than five defaulters or payers are expected to their neighbour', () => {
    const degreesOf = (...groups: (readonly [bad: number, good: number, chance: number])[]) =>
      calibration(groups.map((group, index) => [String(index), people(...group)])).hosmerLemeshow.degrees;
    expect(degreesOf([6, 54, 0.1], [6, 54, 0.1])).toBe(2);
    expect(degreesOf([4, 36, 0.1], [6, 54, 0.1])).toBe(1);
    expect(degreesOf([6, 54, 0.1], [4, 36, 0.1])).toBe(1);
    expect(degreesOf([3, 27, 0.1], [3, 27, 0.1], [6, 54, 0.1])).toBe(2);
    expect(degreesOf([54, 6, 0.9], [36, 4, 0.9])).toBe(1);
    // One person who paid with a chance of 0.99 is a sum of 99, and no proof.
    const one = calibration([['a', people(0, 1, 0.99)], ['b', people(50, 50, 0.5)]]); // prettier-ignore
    expect(one.isCalibrated).toBe(true);
    expect(one.groups.map(({ people: each }) => each)).toEqual([1, 100]);
  });

  it('is finite or infinite, and never NaN, for scores that say 0 or 1', () => {
    expect(calibration([['a', people(0, 5, 0)]]).isCalibrated).toBe(true);
    expect(calibration([['a', people(1, 5, 0)]]).inTheLarge).toBe(Infinity);
  });

  it('has Wilson’s intervals', () => {
    expect(shareInterval(10, 100)).toEqual({ from: expect.closeTo(0.0552, 4), to: expect.closeTo(0.1744, 4) });
    expect(shareInterval(0, 10)).toEqual({ from: 0, to: expect.closeTo(0.2775, 4) });
  });

  it('comes with the Brier score', () => {
    expect(brierScore([{ chance: 0.8, inadimplente: true }, { chance: 0.3, inadimplente: false }])).toBeCloseTo((0.04 + 0.09) / 2, 12); // prettier-ignore
  });
});

describe('The gains', () => {
  it('cumulate people and defaulters from the worst scores', () => {
    const of = (...outcomes: boolean[]) => outcomes.map((inadimplente) => ({ inadimplente }));
    expect(gains([of(true, true), of(true, false), of(false, false)])).toEqual([
      { people: 2, bad: 2, cumulativePeople: 2 / 6, cumulativeBad: 2 / 3, lift: 2 },
      { people: 2, bad: 1, cumulativePeople: 4 / 6, cumulativeBad: 1, lift: 1.5 },
      { people: 2, bad: 0, cumulativePeople: 1, cumulativeBad: 1, lift: 1 },
    ]);
  });
});

describe('The groups by score', () => {
  it('are nearly equal, hold everybody once, and never part people of one score', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 10 }), (valores, count) => {
        const groups = byScore(valores.map((valor) => ({ valor })), count); // prettier-ignore
        expect(groups.flat().map(({ valor }) => valor)).toEqual(valores.toSorted((a, b) => a - b));
        expect(groups.length).toBeLessThanOrEqual(count);
        for (const [index, group] of groups.slice(1).entries())
          expect(group[0]!.valor).toBeGreaterThan(groups[index]!.at(-1)!.valor);
      }),
      generatedProperty(1_000),
    );
    expect(byScore([5, 1, 3, 2, 4, 6].map((valor) => ({ valor })), 3).map(scoreRange)).toEqual(['1–2', '3–4', '5–6']); // prettier-ignore
  });
});

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

describe('The information value', () => {
  const person = (faixaDoValor: string, pontos: number, inadimplente: boolean) => ({
    inadimplente,
    valor: 0,
    faixa: 'BAIXO',
    chance: 0,
    idade: null,
    fatores: [{ codigo: 'F', faixaDoValor, pontos }],
  });
  const bin = (name: string, pontos: number, bad: number, good: number) => [
    ...Array.from({ length: bad }, () => person(name, pontos, true)),
    ...Array.from({ length: good }, () => person(name, pontos, false)),
  ];

  it('sums the weights of the bins by the difference of their shares, half a person added to each count', () => {
    const [factor] = informationValues([...bin('low', -10, 30, 70), ...bin('high', 10, 10, 90)]);
    const [low, high] = [(70.5 / 161) / (30.5 / 41), (90.5 / 161) / (10.5 / 41)]; // prettier-ignore
    expect(factor!.bins.map(({ woe }) => woe)).toEqual([expect.closeTo(Math.log(low), 10), expect.closeTo(Math.log(high), 10)]); // prettier-ignore
    const value = (70.5 / 161 - 30.5 / 41) * Math.log(low) + (90.5 / 161 - 10.5 / 41) * Math.log(high);
    expect(factor!.informationValue).toBeCloseTo(value, 10);
    expect(factor!.inversions).toEqual([]);
  });

  it('of a factor that says nothing is 0', () => {
    const [factor] = informationValues([...bin('a', 1, 20, 80), ...bin('b', 2, 20, 80)]);
    expect(factor!.informationValue).toBeCloseTo(0, 10);
  });

  it('names neighbours whose order is wrong beyond chance, and not those within it', () => {
    const wrong = informationValues([...bin('less', 1, 10, 90), ...bin('more', 2, 40, 60)]);
    expect(wrong[0]!.inversions).toEqual([['less', 'more']]);
    const chance = informationValues([...bin('less', 1, 20, 80), ...bin('more', 2, 22, 78)]);
    expect(chance[0]!.inversions).toEqual([]);
  });

  it('compares no bin of fewer than thirty people, nor two in which fewer than five are expected on a side', () => {
    const one = informationValues([...bin('less', 1, 10, 190), ...bin('one', 2, 1, 0)]);
    expect(one[0]).toMatchObject({ comparisons: 0, inversions: [] });
    const rare = informationValues([...bin('less', 1, 0, 400), ...bin('more', 2, 3, 37)]);
    expect(rare[0]).toMatchObject({ comparisons: 0, inversions: [] });
    const around = informationValues([...bin('less', 1, 10, 90), ...bin('one', 2, 1, 0), ...bin('more', 3, 40, 60)]);
    expect(around[0]).toMatchObject({ comparisons: 1, inversions: [['less', 'more']] });
  });

  it('shows no outcome of a bin of fewer than thirty people, nor one that the others would tell', () => {
    const shown = (...sizes: number[]) =>
      informationValues(sizes.flatMap((size, index) => bin(String(index), index, 1, size - 1)))[0]!.bins.map(
        ({ people, bad, woe }) => [people, bad !== null, woe !== null],
      );
    expect(shown(30, 40, 50)).toEqual([[30, true, true], [40, true, true], [50, true, true]]); // prettier-ignore
    expect(shown(50, 29, 40)).toEqual([[50, true, true], [29, false, false], [40, false, false]]); // prettier-ignore
    expect(shown(50, 29, 1)).toEqual([[50, true, true], [29, false, false], [1, false, false]]); // prettier-ignore
    expect(shown(1, 40)).toEqual([[1, false, false], [40, false, false]]); // prettier-ignore
  });
});

describe('A decision', () => {
  it('approves from the cut-off on, and has the errors of both sides', () => {
    const people = [
      { valor: 400, inadimplente: true },
      { valor: 400, inadimplente: false },
      { valor: 500, inadimplente: true },
      { valor: 600, inadimplente: false },
      { valor: 700, inadimplente: false },
    ];
    expect(decisionAt(people, 500)).toEqual({
      cutOff: 500,
      people: 5,
      approved: 3,
      approvalRate: 3 / 5,
      badAmongApproved: 1 / 3,
      badApproved: 1 / 2,
      goodRefused: expect.closeTo(1 / 3, 12),
    });
  });
});

it('A decision of nobody has no share', () => {
  const good = { valor: 400, inadimplente: false };
  expect(decisionAt([good], 500)).toMatchObject({ badAmongApproved: null, badApproved: null, goodRefused: 1 });
  expect(decisionAt([{ ...good, inadimplente: true }], 500)).toMatchObject({ badApproved: 0, goodRefused: null });
});

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
