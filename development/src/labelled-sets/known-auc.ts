/**
 * The expected AUC of scores over outcomes that are drawn by these chances: the share of pairs of a defaulter and a payer in which
 * the defaulter has the lower score, a tie counting half, each pair by its chance to be such a pair. In a set with
 * many people, the AUC of the outcomes differs from it by chance alone.
 */
export function expectedAuc(people: readonly { readonly score: number; readonly chance: number }[]): number {
  const sorted = people.toSorted((a, b) => a.score - b.score);
  let defaultersBelow = 0;
  let concordant = 0;
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (end < sorted.length && sorted[end]!.score === sorted[start]!.score) end++;
    const tied = sorted.slice(start, end);
    const bad = tied.reduce((sum, { chance }) => sum + chance, 0);
    const good = tied.length - bad;
    const withItself = tied.reduce((sum, { chance }) => sum + chance * (1 - chance), 0);
    concordant += defaultersBelow * good + (bad * good - withItself) / 2;
    defaultersBelow += bad;
    start = end;
  }
  const bad = defaultersBelow;
  const pairs = bad * (people.length - bad) - people.reduce((sum, { chance }) => sum + chance * (1 - chance), 0);
  return concordant / pairs;
}
