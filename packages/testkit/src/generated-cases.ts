/**
 * How many generated cases a property is tried on: at most 1,000 in a usual run, all of them where
 * `npm run test:generated` asks for it.
 */
globalThis.generatedCases = (full) => (process.env['PESSOA_GENERATED_CASES'] === 'full' ? full : Math.min(full, 1_000));

declare global {
  /** @param full the number of cases of `npm run test:generated` */
  var generatedCases: (full: number) => number;
}
