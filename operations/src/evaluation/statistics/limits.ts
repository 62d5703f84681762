/** Each question of the report is wrong by chance once in twenty times, at most. */
export const LEVEL = 0.05;

/** Halvings of the range of a limit: more than a number has digits. */
const HALVINGS = 100;

/** The gamma function at half of a whole number, from 1 on. */
function gammaOfHalf(twice: number): number {
  let value = twice % 2 === 0 ? 1 : Math.sqrt(Math.PI);
  for (let each = twice % 2 === 0 ? 2 : 1; each < twice; each += 2) value *= each / 2;
  return value;
}

/** The chance that a chi-square distribution lies below a value: the series of the incomplete gamma function, whose terms are positive. */
function chiSquareBelow(value: number, degrees: number): number {
  const [shape, half] = [degrees / 2, value / 2];
  let term = Math.exp(shape * Math.log(half) - half) / gammaOfHalf(degrees + 2);
  let total = 0;
  for (let index = 1; term > total * Number.EPSILON; index++) {
    total += term;
    term *= half / (shape + index);
  }
  return total;
}

/**
 * The value that a chi-square distribution exceeds by chance at a level.
 *
 * @param degrees a whole number up to 100; below 1 nothing varies, and the limit is 0
 * @param level above 0, such as 0.05; of several questions at once, each gets its part of it
 */
export function chiSquareLimit(degrees: number, level: number): number {
  if (degrees < 1) return 0;
  let [low, high] = [0, 1];
  while (1 - chiSquareBelow(high, degrees) > level) high *= 2;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (1 - chiSquareBelow(middle, degrees) > level) low = middle;
    else high = middle;
  }
  return high;
}

/** How many standard deviations a difference exceeds by chance at a level, up or down. @param level as in {@link chiSquareLimit} */
export const deviationLimit = (level: number): number => Math.sqrt(chiSquareLimit(1, level));
