/** Both ends inclusive. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** The end of the last range, which holds the future numbers. */
const NO_END = Number.MAX_SAFE_INTEGER;
/** With more ranges, the parameters of the statement that reads them would be too long. */
export const RANGES_MAX = 20_000;

/**
 * The numbers of a sequence that were not read yet. Such a number may belong to an active transaction, to one that was rolled back,
 * or to a row that has a higher number by now. Once no such transaction is active, the number is settled.
 */
export interface OpenNumbers {
  /** Ascending and never empty; the last range has no end. May contain numbers that were read: reading a row twice does no harm. */
  ranges(): readonly NumberRange[];
  /** The highest number that was read. */
  highest(): number;
  /** Every number up to this one was read or will never come. */
  settled(): number;
  /** @param numbers ascending */
  see(numbers: readonly number[]): void;
  /** Closes every open number up to `upTo`: it will never come. */
  settle(maxNumber: number): void;
}

/** @param from every number up to this one is settled */
export function openNumbers(from: number): OpenNumbers {
  let ranges: readonly NumberRange[] = [{ first: from + 1, last: NO_END }];
  return {
    ranges: () => ranges,
    highest: () => ranges.at(-1)!.first - 1,
    settled: () => ranges[0]!.first - 1,
    see(numbers) {
      const openRanges = without(ranges, numbers);
      ranges =
        openRanges.length <= RANGES_MAX
          ? openRanges
          : [{ first: openRanges[0]!.first, last: openRanges.at(-2)!.last }, openRanges.at(-1)!];
    },
    settle(maxNumber) {
      ranges = ranges.flatMap(({ first, last }) =>
        last <= maxNumber ? [] : [{ first: Math.max(first, maxNumber + 1), last }],
      );
    },
  };
}

function without(ranges: readonly NumberRange[], numbers: readonly number[]): NumberRange[] {
  const remaining: NumberRange[] = [];
  let next = 0;
  for (const { first, last } of ranges) {
    let from = first;
    while (next < numbers.length && numbers[next]! <= last) {
      const number = numbers[next++]!;
      if (number > from) remaining.push({ first: from, last: number - 1 });
      from = Math.max(from, number + 1);
    }
    if (from <= last) remaining.push({ first: from, last });
  }
  return remaining;
}
