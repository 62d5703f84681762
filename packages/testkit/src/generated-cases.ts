/**
 * Number of generated cases of a property: all of them in `npm run test:generated`, otherwise at most `usual`, by default 1,000.
 */
globalThis.generatedCases = (full, usual = 1_000) =>
  process.env['PESSOA_GENERATED_CASES'] === 'full' ? full : Math.min(full, usual);

/**
 * Parameters of a property: as many cases, from the same seed at each run of `npm test`, from another one at each run of
 * `npm run test:generated`.
 */
globalThis.generatedProperty = (full, usual) => ({
  numRuns: generatedCases(full, usual),
  ...(process.env['PESSOA_GENERATED_CASES'] !== 'full' && { seed: 20_261_128 }),
});

declare global {
  /** @param full the number of cases of `npm run test:generated` @param usual the most otherwise; default 1,000 */
  var generatedCases: (full: number, usual?: number) => number;
  /** @param full the number of cases of `npm run test:generated` @param usual the most otherwise; default 1,000 */
  var generatedProperty: (full: number, usual?: number) => { readonly numRuns: number; readonly seed?: number };
}
