/** Time that a test lets pass without waiting for it. */
export interface PassingTime {
  /** Whatever looks at `Date.now()` or `performance.now()` finds that so much more time has passed. Timers do not. */
  pass(millis: number): void;
  restore(): void;
}

/** For what compares times and sets no timer. */
export function passingTime(): PassingTime {
  const real = { wall: Date.now, process: performance.now };
  let passed = 0;
  Date.now = () => real.wall.call(Date) + passed;
  performance.now = () => real.process.call(performance) + passed;
  return {
    pass: (millis) => void (passed += millis),
    restore() {
      Date.now = real.wall;
      performance.now = real.process;
    },
  };
}
