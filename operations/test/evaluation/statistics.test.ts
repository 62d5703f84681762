import fc from 'fast-check';
import { brierScore, calibration } from '../../src/evaluation/statistics/calibration.ts';
import { decisionAt } from '../../src/evaluation/statistics/decision.ts';
import { discrimination, kolmogorovSmirnov, rocCurve } from '../../src/evaluation/statistics/discrimination.ts';
import { gains } from '../../src/evaluation/statistics/gains.ts';
import { byScore, scoreRange } from '../../src/evaluation/statistics/groups.ts';
import { informationValues } from '../../src/evaluation/statistics/information-value.ts';
import { shareDifference, shareInterval } from '../../src/evaluation/statistics/means.ts';
import { countByEdges, countByName, shiftOf, stabilityIndex } from '../../src/evaluation/statistics/stability.ts';

const scores = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 60 });
const outcomes = fc.record({ bad: scores, good: scores });

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

  it('has the limit of a chi-square distribution', () => {
    const limits = [3, 4, 10].map((degrees) => calibration(Array.from({ length: degrees }, (_, index) => [String(index), people(1, 9, 0.1)])).hosmerLemeshow.limit); // prettier-ignore
    expect(limits).toEqual([7.815, 9.488, 18.307].map((limit) => expect.closeTo(limit, 1)));
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
    expect(shiftOf(0.099)).toBe('none');
    expect(shiftOf(0.1)).toBe('some');
    expect(shiftOf(0.25)).toBe('large');
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

it('Two shares differ by standard deviations of their pooled share', () => {
  // 0.3 and 0.1 of 100 each: pooled 0.2, deviation sqrt(0.2 * 0.8 * 0.02).
  expect(shareDifference({ of: 30, in: 100 }, { of: 10, in: 100 })).toBeCloseTo(0.2 / Math.sqrt(0.0032), 10);
  expect(shareDifference({ of: 0, in: 5 }, { of: 0, in: 9 })).toBe(0);
});
