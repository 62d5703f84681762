/**
 * Number of generated cases of a property: all of them in `npm run test:generated`, at most 1,000 otherwise.
 */
globalThis.generatedCases = (full) => (process.env['PESSOA_GENERATED_CASES'] === 'full' ? full : Math.min(full, 1_000));

/**
 * Parameters of a property: as many cases, from the same seed at each run of `npm test`, from another one at each run of
 * `npm run test:generated`.
 */
globalThis.generatedProperty = (full) => ({
  numRuns: generatedCases(full),
  ...(process.env['PESSOA_GENERATED_CASES'] !== 'full' && { seed: 20_261_128 }),
});

declare global {
  /** @param full the number of cases of `npm run test:generated` */
  var generatedCases: (full: number) => number;
  /** @param full the number of cases of `npm run test:generated` */
  var generatedProperty: (full: number) => { readonly numRuns: number; readonly seed?: number };
}
