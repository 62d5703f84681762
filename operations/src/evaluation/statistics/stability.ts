import { chiSquareLimit } from './limits.ts';
import { sum } from './means.ts';

/** Half a person in place of nobody: the index has no value for an empty group. */
const NOBODY = 0.5;

/** The population stability index of two counts over the same groups: 0 when the shares are equal. */
export function stabilityIndex(expected: readonly number[], actual: readonly number[]): number {
  const [expectedAll, actualAll] = [sum(expected), sum(actual)];
  return sum(
    expected.map((count, index) => {
      const before = Math.max(count, NOBODY) / expectedAll;
      const after = Math.max(actual[index]!, NOBODY) / actualAll;
      return (after - before) * Math.log(after / before);
    }),
  );
}

/**
 * The index over scores: the groups are the tenths of the first population.
 *
 * @param edges the lowest score of each group, ascending
 */
export const countByEdges = (values: readonly number[], edges: readonly number[]): number[] =>
  edges.map((from, index) => {
    const to = edges[index + 1] ?? Infinity;
    return values.filter((value) => (index === 0 || value >= from) && value < to).length;
  });

/** The counts of each value of `names` among `values`. */
export const countByName = (values: readonly string[], names: readonly string[]): number[] =>
  names.map((name) => values.filter((value) => value === name).length);

/**
 * What the index reaches by chance when two samples are of one population: it is nearly a chi-square of the groups less one, times the
 * sum of the inverse sizes.
 *
 * @param groups the number of groups that the people are counted by
 * @param level as in `chiSquareLimit`
 */
export const chanceIndex = (groups: number, people: number, others: number, level: number): number =>
  chiSquareLimit(groups - 1, level) * (1 / people + 1 / others);

/** The usual reading of the index. `inconclusive`: it says a shift, and samples so small reach it by chance. */
export type Shift = 'none' | 'inconclusive' | 'some' | 'large';

/** @param byChance the index that is reached by chance: {@link chanceIndex} */
export const shiftOf = (index: number, byChance: number): Shift =>
  index < 0.1 ? 'none' : index <= byChance ? 'inconclusive' : index < 0.25 ? 'some' : 'large';
