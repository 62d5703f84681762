import type { Answers } from './ask-scores.ts';
import { EvaluationError } from './evaluation-error.ts';
import type { ScoredPerson } from './scored-person.ts';
import { brierScore, type Calibration, calibration } from './statistics/calibration.ts';
import { type Decision, decisionAt } from './statistics/decision.ts';
import {
  type Discrimination,
  discrimination,
  type KolmogorovSmirnov,
  kolmogorovSmirnov,
  outcomesOf,
  rocCurve,
} from './statistics/discrimination.ts';
import { fairnessByAge, type GroupFairness } from './statistics/fairness.ts';
import { gains, type GainsRow } from './statistics/gains.ts';
import { byScore, scoreRange } from './statistics/groups.ts';
import { type FactorValue, informationValues } from './statistics/information-value.ts';
import { LEVEL } from './statistics/limits.ts';
import { lowest } from './statistics/means.ts';
import { chanceIndex, countByEdges, countByName, type Shift, shiftOf, stabilityIndex } from './statistics/stability.ts'; // prettier-ignore

export const CUT_OFF_DEFAULT = 501;

/** Everything that the report says, before it is drawn. Shares and chances are from 0 to 1. */
export interface Report {
  readonly modelo: string;
  readonly people: number;
  readonly bad: number;
  readonly notScored: Pick<Answers, 'unknown' | 'invalid'>;
  readonly stale: number;
  readonly averageSaid: number;
  readonly discrimination: Discrimination &
    KolmogorovSmirnov & { readonly curve: readonly (readonly [number, number])[] };
  readonly brier: number;
  /** The Brier score of somebody who says the default rate of all for everybody. */
  readonly brierOfRate: number;
  readonly calibration: { readonly byBand: Calibration; readonly byDecile: Calibration };
  readonly gains: readonly (GainsRow & { readonly scores: string })[];
  readonly factors: readonly FactorValue[];
  readonly decision: Decision;
  readonly fairness: readonly GroupFairness[];
  readonly stability: Stability | undefined;
}

export interface Stability {
  readonly people: number;
  readonly index: number;
  /** What the index reaches by chance, of two samples of these sizes. */
  readonly byChance: number;
  readonly shift: Shift;
  /** The tenths of the labelled people: the share of them and of the other population. */
  readonly groups: readonly { readonly from: number; readonly share: number; readonly otherShare: number }[];
  readonly factors: readonly (Pick<Stability, 'index' | 'byChance' | 'shift'> & { readonly codigo: string })[];
}

/** From fewer defaulters or payers no figure says anything. */
const OUTCOMES_MIN = 10;

/** @throws EvaluationError POUCAS_PESSOAS for fewer than ten defaulters or payers */
export function requireOutcomes(people: readonly { readonly inadimplente: boolean }[]): void {
  const bad = people.filter(({ inadimplente }) => inadimplente).length;
  if (Math.min(bad, people.length - bad) < OUTCOMES_MIN)
    throw new EvaluationError('POUCAS_PESSOAS', `at least ${OUTCOMES_MIN} people with a score who defaulted, and as many who paid, are needed`); // prettier-ignore
}

/**
 * @param against another population, for the stability index
 * @throws EvaluationError POUCAS_PESSOAS for fewer than ten defaulters or payers, or nobody of the other population; MODELO_MUDOU when the two
 * populations have scores of different versions
 */
export function evaluate(answers: Answers, cutOff: number, against?: Answers): Report {
  const { people, modelo = '', unknown, invalid, stale } = answers;
  requireOutcomes(people);
  if (against?.modelo !== undefined && against.modelo !== modelo)
    throw new EvaluationError('MODELO_MUDOU', `the two populations have scores of ${modelo} and of ${against.modelo}`);
  const outcomes = outcomesOf(people);
  const deciles = byScore(people, 10);
  const rate = outcomes.bad.length / people.length;
  return {
    modelo,
    people: people.length,
    bad: outcomes.bad.length,
    notScored: { unknown, invalid },
    stale,
    averageSaid: people.reduce((total, { chance }) => total + chance, 0) / people.length,
    discrimination: {
      ...discrimination(outcomes),
      ...kolmogorovSmirnov(outcomes),
      curve: rocCurve(outcomes),
    },
    brier: brierScore(people),
    brierOfRate: rate * (1 - rate),
    calibration: {
      byBand: calibration(bandsOf(people)),
      byDecile: calibration(deciles.map((group) => [scoreRange(group), group])),
    },
    gains: gains(deciles).map((row, index) => ({ ...row, scores: scoreRange(deciles[index]!) })),
    factors: informationValues(people),
    decision: decisionAt(people, cutOff),
    fairness: fairnessByAge(people, cutOff),
    stability: against && stabilityOf(people, against.people),
  };
}

/** The bands that have people, the worst first. */
function bandsOf(people: readonly ScoredPerson[]): [string, ScoredPerson[]][] {
  const least = (members: readonly ScoredPerson[]) => lowest(members.map(({ valor }) => valor));
  return [...Map.groupBy(people, ({ faixa }) => faixa)].toSorted(([, a], [, b]) => least(a) - least(b));
}

function stabilityOf(people: readonly ScoredPerson[], others: readonly ScoredPerson[]): Stability {
  if (others.length === 0) throw new EvaluationError('POUCAS_PESSOAS', 'nobody of the other population has a score');
  const edges = byScore(people, 10).map((group) => group[0]!.valor);
  const [counts, otherCounts] = [people, others].map((each) =>
    countByEdges(
      each.map(({ valor }) => valor),
      edges,
    ),
  ) as [number[], number[]];
  const compare = (before: readonly number[], after: readonly number[], level: number) => {
    const index = stabilityIndex(before, after);
    const byChance = chanceIndex(before.length, people.length, others.length, level);
    return { index, byChance, shift: shiftOf(index, byChance) };
  };
  const binsOf = (each: readonly ScoredPerson[], codigo: string) =>
    each.flatMap(({ fatores }) =>
      fatores.filter((fator) => fator.codigo === codigo).map((fator) => fator.faixaDoValor),
    );
  const factors = people[0]!.fatores.map(({ codigo }, _, { length }) => {
    const [bins, otherBins] = [binsOf(people, codigo), binsOf(others, codigo)];
    const names = [...new Set([...bins, ...otherBins])];
    return { codigo, ...compare(countByName(bins, names), countByName(otherBins, names), LEVEL / length) };
  });
  return {
    people: others.length,
    ...compare(counts, otherCounts, LEVEL),
    groups: edges.map((from, position) => ({
      from,
      share: counts[position]! / people.length,
      otherShare: otherCounts[position]! / others.length,
    })),
    factors,
  };
}
