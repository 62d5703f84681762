import { chiSquareLimit, deviationLimit, LEVEL } from './limits.ts';
import { EXPECTED_MIN, type Interval, mean, shareInterval, sum } from './means.ts';

interface Forecast {
  readonly chance: number;
  readonly inadimplente: boolean;
}

export interface CalibrationGroup {
  readonly name: string;
  readonly people: number;
  /** The average chance that the scores of the group say. */
  readonly said: number;
  /** The share that defaulted, with an interval of 95 % (Wilson). */
  readonly observed: number;
  readonly interval: Interval;
}

const badOf = (people: readonly Forecast[]): number => people.filter(({ inadimplente }) => inadimplente).length;

/** @param people at least one */
export const calibrationGroup = (name: string, people: readonly Forecast[]): CalibrationGroup => ({
  name,
  people: people.length,
  said: mean(people.map(({ chance }) => chance)),
  observed: badOf(people) / people.length,
  interval: shareInterval(badOf(people), people.length),
});

export interface Calibration {
  readonly groups: readonly CalibrationGroup[];
  /**
   * Of all people together: how many standard deviations the defaults differ from the sum of the chances. Beyond the limit the scores say
   * too little (above) or too much (below).
   */
  readonly inTheLarge: number;
  readonly inTheLargeLimit: number;
  /**
   * Hosmer and Lemeshow's sum over the groups, and the value that a calibrated score exceeds by chance. Groups are merged with their
   * neighbours until five defaulters and five payers are expected in each; `degrees` is how many are left.
   */
  readonly hosmerLemeshow: { readonly chiSquare: number; readonly degrees: number; readonly limit: number };
  readonly isCalibrated: boolean;
}

/** A report asks three times: all together, by band and by tenth. They share the level: a calibrated score is called so 95 times of 100. */
const QUESTIONS = 3;

/** A sum of chances that is certain has no deviation: any other outcome is infinitely far. */
const deviations = (difference: number, deviation: number): number =>
  deviation === 0 ? Math.sign(difference) * (difference === 0 ? 0 : Infinity) : difference / deviation;

const distance = (people: readonly Forecast[]): number =>
  deviations(
    badOf(people) - sum(people.map(({ chance }) => chance)),
    Math.sqrt(sum(people.map(({ chance }) => chance * (1 - chance)))),
  );

/** The fewer of the defaulters and payers that the chances expect. */
const expectedOf = (people: readonly Forecast[]): number => {
  const bad = sum(people.map(({ chance }) => chance));
  return Math.min(bad, people.length - bad);
};

/** Joins neighbours until enough is expected in each; what is left over goes to the last. */
function mergeSparse(groups: readonly (readonly Forecast[])[]): (readonly Forecast[])[] {
  const merged: (readonly Forecast[])[] = [];
  for (const group of groups) {
    const last = merged.at(-1);
    if (last && expectedOf(last) < EXPECTED_MIN) merged.splice(-1, 1, last.concat(group));
    else merged.push(group);
  }
  const [beforeLast, last] = merged.slice(-2);
  if (last && expectedOf(last) < EXPECTED_MIN) merged.splice(-2, 2, beforeLast!.concat(last));
  return merged;
}

/**
 * Whether as many default as the scores say. The chances were not fitted to these people, so each group is a degree of freedom.
 *
 * @param groups in the order of the scores, each with at least one person
 */
export function calibration(groups: readonly (readonly [name: string, people: readonly Forecast[]])[]): Calibration {
  const inTheLarge = distance(groups.flatMap(([, people]) => people));
  const inTheLargeLimit = deviationLimit(LEVEL / QUESTIONS);
  const merged = mergeSparse(groups.map(([, people]) => people));
  const chiSquare = sum(merged.map((people) => distance(people) ** 2));
  const limit = chiSquareLimit(merged.length, LEVEL / QUESTIONS);
  return {
    groups: groups.map(([name, people]) => calibrationGroup(name, people)),
    inTheLarge,
    inTheLargeLimit,
    hosmerLemeshow: { chiSquare, degrees: merged.length, limit },
    isCalibrated: Math.abs(inTheLarge) <= inTheLargeLimit && chiSquare <= limit,
  };
}

/** The mean square of the distance between chance and outcome: 0 is perfect, 0.25 is a coin. */
export const brierScore = (people: readonly Forecast[]): number =>
  mean(people.map(({ chance, inadimplente }) => (chance - (inadimplente ? 1 : 0)) ** 2));
