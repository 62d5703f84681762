/** The value below which 97.5 % of a standard normal distribution lie: intervals have 95 %. */
export const Z95 = 1.959964;

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The lowest of any number of values: `Math.min(...values)` has no room for 125,000. @returns Infinity for none */
export const lowest = (values: readonly number[]): number =>
  values.reduce((least, value) => Math.min(least, value), Infinity);

/** @returns null for a share of nobody */
export const shareOf = (of: number, all: number): number | null => (all === 0 ? null : of / all);

/** @returns NaN for no values */
export const mean = (values: readonly number[]): number => sum(values) / values.length;

/** The variance of a sample (divided by n - 1); 0 for fewer than two values. */
export function variance(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const average = mean(values);
  return sum(values.map((value) => (value - average) ** 2)) / (values.length - 1);
}

export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Wilson's interval of 95 % for a share. @param trials above 0 */
export function shareInterval(successes: number, trials: number): Interval {
  const share = successes / trials;
  const z2 = Z95 ** 2 / trials;
  const centre = (share + z2 / 2) / (1 + z2);
  const half = (Z95 * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials))) / (1 + z2);
  return { from: Math.max(0, centre - half), to: Math.min(1, centre + half) };
}

interface Share {
  readonly of: number;
  readonly in: number;
}

/** Below this expected count a sum of squares is not near to its distribution. */
export const EXPECTED_MIN = 5;

/** Whether two shares can be compared: if they were alike, five people at least would be expected on each side of both. */
export function isComparable(a: Share, b: Share): boolean {
  const pooled = (a.of + b.of) / (a.in + b.in);
  return Math.min(a.in, b.in) * Math.min(pooled, 1 - pooled) >= EXPECTED_MIN;
}

/** How many standard deviations two shares differ; 0 when neither group varies. */
export function shareDifference(a: Share, b: Share): number {
  const pooled = (a.of + b.of) / (a.in + b.in);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / a.in + 1 / b.in));
  return deviation === 0 ? 0 : (a.of / a.in - b.of / b.in) / deviation;
}
