export interface GainsRow {
  readonly people: number;
  readonly bad: number;
  /** The share of all people, and of all defaulters, in this group and the worse ones. */
  readonly cumulativePeople: number;
  readonly cumulativeBad: number;
  /** The default rate of this group and the worse ones over that of all. */
  readonly lift: number;
}

/** What a lender would catch who refuses the worst scores first. @param groups the worst first, with a defaulter among them */
export function gains(groups: readonly (readonly { readonly inadimplente: boolean }[])[]): GainsRow[] {
  const all = groups.flat();
  const allBad = all.filter(({ inadimplente }) => inadimplente).length;
  let people = 0;
  let bad = 0;
  return groups.map((group) => {
    const badHere = group.filter(({ inadimplente }) => inadimplente).length;
    people += group.length;
    bad += badHere;
    return {
      people: group.length,
      bad: badHere,
      cumulativePeople: people / all.length,
      cumulativeBad: bad / allBad,
      lift: bad / people / (allBad / all.length),
    };
  });
}
