import type { Cpf } from '@pessoa/domain/cpf';
import type { Data } from '@pessoa/domain/data';
import type { RawPerfil } from '@pessoa/score/modelo/permitted-perfil';
import { cpfAt } from '../seed/population/cpf-sequence.ts';
import { mix, Prng } from '../seed/population/prng.ts';
import { type Facts, factsOf, worthOf } from './facts.ts';
import { hasRecordedIncome, recordOf } from './record.ts';

/** A made-up person whose chance of default is known, and whether they defaulted. */
export interface LabelledPerson {
  readonly cpf: Cpf;
  readonly idade: number;
  /** The chance by which `inadimplente` was drawn. No real set has it. */
  readonly chance: number;
  readonly inadimplente: boolean;
  /** What Base B knows of them. */
  readonly perfil: RawPerfil;
}

export interface LabelledSet {
  readonly about: string;
  readonly seed: number;
  /** ln of the odds of default. `isIncomeKnown` is what Base B has, the facts are what is true. */
  readonly risk: (facts: Facts, person: { readonly isIncomeKnown: boolean; readonly index: number }) => number;
}

/**
 * The risk of three of the sets. What pays debts is income, and the longer and the more formal it is, the surer it goes on; the hazard of
 * losing a source falls fast in its first years and then hardly at all. Worth is a buffer of falling use. Age has no effect
 * of its own. Base B does not see a part of it at all. The weights are assumptions.
 */
const ordinaryRisk = (facts: Facts): number =>
  -0.6 * Math.log(facts.income / 2_200) +
  0.7 * Math.exp(-facts.monthsAtSource / 24) +
  0.45 * (facts.isInformal ? 1 : 0) -
  0.2 * Math.asinh(worthOf(facts) / 25_000) +
  0.15 * Math.min(facts.monthsAtAddress / 36, 2) +
  0.7 * facts.unseen;

const PER_SHOCK = 50;

/** The sets by name. The constants make the average chance that `about` states. */
export const labelledSets = {
  'known-auc': {
    about:
      'Risk falls with income, time at the source and worth, as a scorecard assumes. The chance of each person is known, so the true AUC of any score is. One in five defaults.',
    seed: 40_001,
    risk: (facts) => ordinaryRisk(facts) - 1.95,
  },
  miscalibrated: {
    about: 'The same risk after a downturn: the odds of default are four times those of known-auc, for everybody.',
    seed: 40_002,
    risk: (facts) => ordinaryRisk(facts) - 1.95 + Math.log(4),
  },
  'age-discrimination': {
    about:
      'Only income, compared with that of people of the same age, and what no base sees decide. So each age group defaults alike, one in five. Time at the source, worth and thin files still follow age: a score that counts them refuses the young without cause.',
    seed: 40_003,
    risk: (facts) => -0.6 * Math.log(facts.income / facts.group.medianIncome) + 0.7 * facts.unseen - 1.69,
  },
  'broken-assumptions': {
    about:
      'Breaks what a scorecard assumes: the risk rises again with high incomes, people without a known income pay best, and fifty people at a time share a shock, so that their outcomes are not independent and every interval is too narrow.',
    seed: 40_004,
    risk: (facts, { isIncomeKnown, index }) =>
      0.9 * Math.abs(Math.log(facts.income / 2_200)) -
      (isIncomeKnown ? 0 : 1.2) +
      0.8 * shockOf(index) +
      0.5 * facts.unseen -
      2,
  },
} as const satisfies Record<string, LabelledSet>;

export type LabelledSetName = keyof typeof labelledSets;

export const labelledSetNames = Object.keys(labelledSets) as LabelledSetName[];

/** -1.7 to 1.7, the same for fifty people. Standard deviation 1. */
const shockOf = (index: number): number =>
  Math.sqrt(12) * (mix(mix(40_004) ^ Math.floor(index / PER_SHOCK)) / 0x1_0000_0000 - 0.5);

export const chanceOf = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/**
 * The first people of a set. They are the same whenever and wherever they are made; with another day all their dates move along.
 *
 * @param people how many, at most 100,000
 * @param hoje the day to which their dates are relative
 */
export function labelledPeople(name: LabelledSetName, people: number, hoje: Data): LabelledPerson[] {
  const { seed, risk }: LabelledSet = labelledSets[name];
  return Array.from({ length: people }, (_, index) => {
    const facts = factsOf(new Prng(seed, index, 1));
    const perfil = recordOf(new Prng(seed, index, 2), facts, hoje);
    const chance = chanceOf(risk(facts, { isIncomeKnown: hasRecordedIncome(perfil), index }));
    const inadimplente = new Prng(seed, index, 3).fraction() < chance;
    return { cpf: cpfAt(index, seed, 'SP'), idade: facts.idade, chance, inadimplente, perfil };
  });
}
