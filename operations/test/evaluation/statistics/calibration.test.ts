import { brierScore, calibration } from '../../../src/evaluation/statistics/calibration.ts';
import { shareInterval } from '../../../src/evaluation/statistics/means.ts';
import { linear } from './generated.ts';

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
