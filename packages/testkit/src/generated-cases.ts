/**
 * Number of generated cases of a property: all of them in `npm run test:generated`, at most 1,000 otherwise.
 */
globalThis.generatedCases = (full) => (process.env['PESSOA_GENERATED_CASES'] === 'full' ? full : Math.min(full, 1_000));

declare global {
  /** @param full the number of cases of `npm run test:generated` */
  var generatedCases: (full: number) => number;
}
