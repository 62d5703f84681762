import { gains } from '../../../src/evaluation/statistics/gains.ts';

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
