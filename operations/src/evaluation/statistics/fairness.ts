import type { ScoredPerson } from '../scored-person.ts';
import { calibrationGroup, type CalibrationGroup } from './calibration.ts';
import { byScore } from './groups.ts';
import { mean, shareDifference, sum, Z95 } from './means.ts';

/** The groups by age. 60 is where the Estatuto da Pessoa Idosa begins (Lei 10.741). */
export const ageGroups = [
  { name: 'até 24 anos', from: 0 },
  { name: 'de 25 a 29 anos', from: 25 },
  { name: 'de 30 a 39 anos', from: 30 },
  { name: 'de 40 a 49 anos', from: 40 },
  { name: 'de 50 a 59 anos', from: 50 },
  { name: '60 anos ou mais', from: 60 },
] as const;

/** A smaller group has no row: its rates would be chance, and might show a person. */
export const GROUP_MIN = 30;

/** Below this share of the best group's approvals a group is adversely treated (the four fifths of 29 CFR 1607.4 D). */
const FOUR_FIFTHS = 0.8;

export interface GroupFairness extends CalibrationGroup {
  readonly approvalRate: number;
  /** The approval rate over that of the group with the highest. */
  readonly approvalRatio: number;
  /** Of those of the group who paid, the approved. */
  readonly goodApproved: number;
  /** The default rate that all people with such scores have together. Above `observed`, the score takes the group for worse than it is. */
  readonly expectedAtScore: number;
  /** Standard deviations from `expectedAtScore` to `observed`. */
  readonly distance: number;
  /** How many standard deviations the group defaults more than the best group. */
  readonly moreDefaults: number;
  /** `without-cause`: the ratio is below four fifths, and the group does not default more than the best group, beyond chance. */
  readonly treatment: 'even' | 'uneven' | 'without-cause';
}

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
  const bestRate = approvedOf(best) / best.length;
  return grouped.map(([name, members]) => {
    const good = members.filter(({ inadimplente }) => !inadimplente);
    const rates = members.map(({ valor }) => rateAtScore(valor));
    const deviation = Math.sqrt(sum(rates.map((rate) => rate * (1 - rate))));
    const approvalRate = approvedOf(members) / members.length;
    const approvalRatio = bestRate === 0 ? 1 : approvalRate / bestRate;
    const moreDefaults = shareDifference(
      { of: badOf(members), in: members.length },
      { of: badOf(best), in: best.length },
    );
    const isUneven = approvalRatio < FOUR_FIFTHS;
    return {
      ...calibrationGroup(name, members),
      approvalRate,
      approvalRatio,
      goodApproved: approvedOf(good) / good.length,
      expectedAtScore: mean(rates),
      distance: deviation === 0 ? 0 : (badOf(members) - sum(rates)) / deviation,
      moreDefaults,
      treatment: isUneven ? (moreDefaults > Z95 ? 'uneven' : 'without-cause') : 'even',
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
