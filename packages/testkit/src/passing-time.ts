/** A clock that a test turns forward instead of waiting. */
export interface PassingTime {
  /** Moves `Date.now()` and `performance.now()` forward. Timers are not affected. */
  pass(millis: number): void;
  restore(): void;
}

/** Replaces the clocks until `restore`. For code that compares times and sets no timer. */
export function passingTime(): PassingTime {
  const real = { wall: Date.now, process: performance.now };
  let addedMillis = 0;
  Date.now = () => real.wall.call(Date) + addedMillis;
  performance.now = () => real.process.call(performance) + addedMillis;
  return {
    pass: (millis) => void (addedMillis += millis),
    restore() {
      Date.now = real.wall;
      performance.now = real.process;
    },
  };
}
