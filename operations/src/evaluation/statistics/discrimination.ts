import { type Interval, mean, variance, Z95 } from './means.ts';

/** Scores of those who defaulted and of those who paid. A good score is high. */
export interface Outcomes {
  readonly bad: readonly number[];
  readonly good: readonly number[];
}

export interface Discrimination {
  /** The share of pairs of a defaulter and a payer in which the defaulter has the lower score; a tie counts half. */
  readonly auc: number;
  readonly aucInterval: Interval;
  /** 2 AUC - 1. */
  readonly gini: number;
  readonly giniInterval: Interval;
}

/** How many of `sorted` (ascending) lie below the value, a tie counting half. */
function ranked(sorted: readonly number[], value: number): number {
  return (countBelow(sorted, value, false) + countBelow(sorted, value, true)) / 2;
}

/** Binary search: how many values are below, or not above, the value. */
function countBelow(sorted: readonly number[], value: number, isInclusive: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const each = sorted[middle]!;
    if (each < value || (isInclusive && each === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

const clamp = (value: number, least: number): number => Math.min(1, Math.max(least, value));

/**
 * How well scores tell defaulters from payers, with intervals of 95 % by DeLong's variance (1988): exact for ties, without a
 * random number. It takes people as independent.
 *
 * @param outcomes at least one defaulter and one payer
 */
export function discrimination({ bad, good }: Outcomes): Discrimination {
  const [badSorted, goodSorted] = [ascending(bad), ascending(good)];
  const ofBad = bad.map((score) => 1 - ranked(goodSorted, score) / good.length);
  const ofGood = good.map((score) => ranked(badSorted, score) / bad.length);
  const auc = mean(ofBad);
  const half = Z95 * Math.sqrt(variance(ofBad) / bad.length + variance(ofGood) / good.length);
  return {
    auc,
    aucInterval: { from: clamp(auc - half, 0), to: clamp(auc + half, 0) },
    gini: 2 * auc - 1,
    giniInterval: { from: clamp(2 * (auc - half) - 1, -1), to: clamp(2 * (auc + half) - 1, -1) },
  };
}

export interface KolmogorovSmirnov {
  /** The most by which the shares of defaulters and of payers at or below a score differ. */
  readonly ks: number;
  /** The score where they do. */
  readonly at: number;
}

/** @param outcomes at least one defaulter and one payer */
export function kolmogorovSmirnov({ bad, good }: Outcomes): KolmogorovSmirnov {
  const [badSorted, goodSorted] = [ascending(bad), ascending(good)];
  let best: KolmogorovSmirnov = { ks: 0, at: Math.min(badSorted[0]!, goodSorted[0]!) };
  for (const at of new Set([...badSorted, ...goodSorted])) {
    const ks = Math.abs(countBelow(badSorted, at, true) / bad.length - countBelow(goodSorted, at, true) / good.length);
    if (ks > best.ks) best = { ks, at };
  }
  return best;
}

/** The curve of (share of payers, share of defaulters) at or below each score, from (0, 0) to (1, 1). */
export function rocCurve({ bad, good }: Outcomes): [number, number][] {
  const [badSorted, goodSorted] = [ascending(bad), ascending(good)];
  const scores = ascending([...new Set([...bad, ...good])]);
  return [
    [0, 0],
    ...scores.map((at): [number, number] => [
      countBelow(goodSorted, at, true) / good.length,
      countBelow(badSorted, at, true) / bad.length,
    ]),
  ];
}

export const outcomesOf = (
  people: readonly { readonly valor: number; readonly inadimplente: boolean }[],
): Outcomes => ({
  bad: people.filter(({ inadimplente }) => inadimplente).map(({ valor }) => valor),
  good: people.filter(({ inadimplente }) => !inadimplente).map(({ valor }) => valor),
});
