import { type Interval, mean, shareInterval, sum } from './means.ts';

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
   * Of all people together: how many standard deviations the defaults differ from the sum of the chances. Beyond ±1.96 the scores say too
   * little (above) or too much (below).
   */
  readonly inTheLarge: number;
  /** Hosmer and Lemeshow's sum over the groups, and the value that a calibrated score exceeds once in twenty times. */
  readonly hosmerLemeshow: { readonly chiSquare: number; readonly limit: number };
  readonly isCalibrated: boolean;
}

/** 95 % of a chi-square distribution lie below (Wilson and Hilferty; right to 0.1 % from 3 degrees on). */
const chiSquareLimit = (degrees: number): number =>
  degrees * (1 - 2 / (9 * degrees) + 1.644854 * Math.sqrt(2 / (9 * degrees))) ** 3;

/** A sum of chances that is certain has no deviation: any other outcome is infinitely far. */
const deviations = (difference: number, deviation: number): number =>
  deviation === 0 ? Math.sign(difference) * (difference === 0 ? 0 : Infinity) : difference / deviation;

const distance = (people: readonly Forecast[]): number =>
  deviations(
    badOf(people) - sum(people.map(({ chance }) => chance)),
    Math.sqrt(sum(people.map(({ chance }) => chance * (1 - chance)))),
  );

/**
 * Whether as many default as the scores say. The chances were not fitted to these people, so each group is a degree of freedom.
 *
 * @param groups each with at least one person
 */
export function calibration(groups: readonly (readonly [name: string, people: readonly Forecast[]])[]): Calibration {
  const inTheLarge = distance(groups.flatMap(([, people]) => people));
  const chiSquare = sum(groups.map(([, people]) => distance(people) ** 2));
  const limit = chiSquareLimit(groups.length);
  return {
    groups: groups.map(([name, people]) => calibrationGroup(name, people)),
    inTheLarge,
    hosmerLemeshow: { chiSquare, limit },
    isCalibrated: Math.abs(inTheLarge) <= 1.96 && chiSquare <= limit,
  };
}

/** The mean square of the distance between chance and outcome: 0 is perfect, 0.25 is a coin. */
export const brierScore = (people: readonly Forecast[]): number =>
  mean(people.map(({ chance, inadimplente }) => (chance - (inadimplente ? 1 : 0)) ** 2));
