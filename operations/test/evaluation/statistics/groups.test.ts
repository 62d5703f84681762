import fc from 'fast-check';
import { byScore, scoreRange } from '../../../src/evaluation/statistics/groups.ts';
import { scores } from './generated.ts';

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
