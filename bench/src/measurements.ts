import { UsageError } from '@pessoa/service/processes/command-line';

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** @param part from 0 to 1; 0.5 gives the median */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
}

/** @returns how long the work took, in seconds */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}

/** @throws UsageError for a text that is no number of rounds. Default: 5 */
export function readRounds(text = '5'): number {
  if (!/^[1-9]\d?$/.test(text)) throw new UsageError('--rounds: N is between 1 and 99');
  return Number(text);
}

/** The standard error of a median of values that are spread normally but for some outliers. */
export function errorOfMedian(values: readonly number[]): number {
  const spread = (percentile(values, 0.75) - percentile(values, 0.25)) / 1.349; // of a normal distribution
  return (1.253 * spread) / Math.sqrt(values.length);
}
