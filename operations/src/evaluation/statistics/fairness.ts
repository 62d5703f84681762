import type { ScoredPerson } from '../scored-person.ts';
import { calibrationGroup, type CalibrationGroup } from './calibration.ts';
import { byScore, GROUP_MIN } from './groups.ts';
import { deviationLimit, LEVEL } from './limits.ts';
import { isComparable, mean, shareDifference, sum, Z95 } from './means.ts';

/** The groups by age. 60 is where the Estatuto da Pessoa Idosa begins (Lei 10.741). */
export const ageGroups = [
  { name: 'até 24 anos', from: 0 },
  { name: 'de 25 a 29 anos', from: 25 },
  { name: 'de 30 a 39 anos', from: 30 },
  { name: 'de 40 a 49 anos', from: 40 },
  { name: 'de 50 a 59 anos', from: 50 },
  { name: '60 anos ou mais', from: 60 },
] as const;

/** Below this share of the best group's approvals a group is adversely treated (the four fifths of 29 CFR 1607.4 D). */
const FOUR_FIFTHS = 0.8;

export interface GroupFairness extends CalibrationGroup {
  readonly approvalRate: number;
  /** The approval rate over that of the group with the highest; NaN, and null in JSON, when nobody of any group is approved. */
  readonly approvalRatio: number;
  /** Of those of the group who paid, the approved; NaN, and null in JSON, when nobody of it paid. */
  readonly goodApproved: number;
  /** The default rate that all people with such scores have together. Above `observed`, the score takes the group for worse than it is. */
  readonly expectedAtScore: number;
  /** Standard deviations from `expectedAtScore` to `observed`. */
  readonly distance: number;
  /** How many standard deviations the group defaults more than the best group. */
  readonly moreDefaults: number;
  readonly treatment: Treatment;
}

/**
 * How the approvals of a group compare with those of the best one.
 *
 * - `not-measured`: there is no other group, or nobody of any group is approved
 * - `even`: the ratio is four fifths or more
 * - `inconclusive`: it is less, and groups of this size differ so by chance
 * - `uneven`: it is less, beyond chance, and the group defaults more than the best one, beyond chance
 * - `without-cause`: it is less, beyond chance, and the group does not default more, beyond chance
 */
export type Treatment = 'not-measured' | 'even' | 'inconclusive' | 'uneven' | 'without-cause';

/** Fairness by age at a cut-off: for each group of at least 30 people. People of unknown age are in none. */
export function fairnessByAge(people: readonly ScoredPerson[], cutOff: number): GroupFairness[] {
  const rateAtScore = ratesByScore(people);
  const nameOf = (idade: number) => ageGroups.findLast(({ from }) => idade >= from)?.name;
  const grouped = ageGroups
    .map(({ name }) => [name, people.filter(({ idade }) => idade !== null && nameOf(idade) === name)] as const)
    .filter(([, members]) => members.length >= GROUP_MIN);
  const approvedOf = (members: readonly ScoredPerson[]) => members.filter(({ valor }) => valor >= cutOff).length;
  const badOf = (members: readonly ScoredPerson[]) => members.filter(({ inadimplente }) => inadimplente).length;
  const [, best = []] =
    grouped.toSorted(([, a], [, b]) => approvedOf(b) / b.length - approvedOf(a) / a.length)[0] ?? [];
  const bestApproved = { of: approvedOf(best), in: best.length };
  const limit = deviationLimit(LEVEL / Math.max(grouped.length - 1, 1));
  return grouped.map(([name, members]) => {
    const good = members.filter(({ inadimplente }) => !inadimplente);
    const rates = members.map(({ valor }) => rateAtScore(valor));
    const deviation = Math.sqrt(sum(rates.map((rate) => rate * (1 - rate))));
    const approved = { of: approvedOf(members), in: members.length };
    const approvalRatio = approved.of / approved.in / (bestApproved.of / bestApproved.in);
    const moreDefaults = shareDifference(
      { of: badOf(members), in: members.length },
      { of: badOf(best), in: best.length },
    );
    const treatmentOf = (): Treatment => {
      if (grouped.length < 2 || bestApproved.of === 0) return 'not-measured';
      if (approvalRatio >= FOUR_FIFTHS) return 'even';
      const isBeyondChance = isComparable(bestApproved, approved) && shareDifference(bestApproved, approved) > limit;
      if (!isBeyondChance) return 'inconclusive';
      return moreDefaults > Z95 ? 'uneven' : 'without-cause';
    };
    return {
      ...calibrationGroup(name, members),
      approvalRate: approved.of / approved.in,
      approvalRatio,
      goodApproved: approvedOf(good) / good.length,
      expectedAtScore: mean(rates),
      distance: deviation === 0 ? 0 : (badOf(members) - sum(rates)) / deviation,
      moreDefaults,
      treatment: treatmentOf(),
    };
  });
}

/** The default rate of the twentieth of all people that a score is in. */
function ratesByScore(people: readonly ScoredPerson[]): (valor: number) => number {
  const groups = byScore(people, 20).map((group) => ({
    from: group[0]!.valor,
    rate: group.filter(({ inadimplente }) => inadimplente).length / group.length,
  }));
  return (valor) => (groups.findLast(({ from }) => valor >= from) ?? groups[0]!).rate;
}
