/** Both ends inclusive. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** The end of the last range: numbers still to be drawn. */
const NO_END = Number.MAX_SAFE_INTEGER;
/** More would make the values of the statement that reads them long. */
export const RANGES_MAX = 20_000;

/**
 * Which numbers of a sequence have not been seen yet. A number in between may belong to a transaction under way, to one that
 * was rolled back, or to a row that has a higher one by now; only once no such transaction is left is it settled.
 */
export interface OpenNumbers {
  /** Not empty, ascending; the last one has no end. May hold numbers that were seen: reading a row twice does no harm. */
  ranges(): readonly NumberRange[];
  /** The highest number seen. */
  highest(): number;
  /** All up to here were seen or will never come. */
  settled(): number;
  /** @param numbers ascending */
  see(numbers: readonly number[]): void;
  /** What is still open up to there will never come. */
  settle(upTo: number): void;
}

/** @param from everything up to here is settled */
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
    settle(upTo) {
      ranges = ranges.flatMap(({ first, last }) => (last <= upTo ? [] : [{ first: Math.max(first, upTo + 1), last }]));
    },
  };
}

function without(ranges: readonly NumberRange[], numbers: readonly number[]): NumberRange[] {
  const left: NumberRange[] = [];
  let next = 0;
  for (const { first, last } of ranges) {
    let from = first;
    while (next < numbers.length && numbers[next]! <= last) {
      const number = numbers[next++]!;
      if (number > from) left.push({ first: from, last: number - 1 });
      from = Math.max(from, number + 1);
    }
    if (from <= last) left.push({ first: from, last });
  }
  return left;
}
