import fc from 'fast-check';

export const scores = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 60 });
export const outcomes = fc.record({ bad: scores, good: scores });

/** Numbers from 0 to 1, the same in each run (Park and Miller). */
export const linear = (seed: number) => {
  let state = seed % 2_147_483_647;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
};
