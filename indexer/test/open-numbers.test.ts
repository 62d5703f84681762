import fc from 'fast-check';
import { openNumbers, RANGES_MAX } from '../src/open-numbers.ts';

describe('Numbers of a sequence that are still open', () => {
  it('are those not read yet, and future ones', () => {
    const open = openNumbers(10);
    open.see([12, 13, 16]);
    expect(open.ranges()).toEqual([
      { first: 11, last: 11 },
      { first: 14, last: 15 },
      { first: 17, last: Number.MAX_SAFE_INTEGER },
    ]);
    expect({ settled: open.settled(), highest: open.highest() }).toEqual({ settled: 10, highest: 16 });
    open.see([11]);
    expect(open.settled()).toBe(13);
    open.settle(16);
    expect({ settled: open.settled(), highest: open.highest() }).toEqual({ settled: 16, highest: 16 });
  });

  it('contain every number that was neither read nor settled, in any order of reads', () => {
    const steps = fc.array(
      fc.oneof(fc.uniqueArray(fc.integer({ min: 1, max: 3_000 })), fc.integer({ min: 1, max: 3_000 })),
    );
    fc.assert(
      fc.property(steps, (all) => {
        const open = openNumbers(0);
        const gone = new Set<number>();
        for (const step of all) {
          if (Array.isArray(step)) {
            open.see(step.toSorted((a, b) => a - b));
            for (const number of step) gone.add(number);
          } else if (step <= open.highest()) {
            open.settle(step);
            for (let number = 1; number <= step; number++) gone.add(number);
          }
        }
        const isOpen = (number: number): boolean =>
          open.ranges().some(({ first, last }) => first <= number && number <= last);
        for (let number = 1; number <= 3_001; number++) if (!gone.has(number)) expect(isOpen(number)).toBe(true);
        for (let number = 1; number <= open.settled(); number++) expect(gone).toContain(number);
      }),
      { numRuns: 30 },
    );
  });

  it('become one range when there are too many, and may then contain numbers that were read', () => {
    const open = openNumbers(0);
    open.see(Array.from({ length: RANGES_MAX }, (_, i) => 2 * (i + 1)));
    expect(open.ranges()).toEqual([
      { first: 1, last: 2 * RANGES_MAX - 1 },
      { first: 2 * RANGES_MAX + 1, last: Number.MAX_SAFE_INTEGER },
    ]);
    expect({ settled: open.settled(), highest: open.highest() }).toEqual({ settled: 0, highest: 2 * RANGES_MAX });
  });
});
