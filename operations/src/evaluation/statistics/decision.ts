/** What would have happened if everybody with at least the cut-off had been approved. */
export interface Decision {
  readonly cutOff: number;
  readonly people: number;
  readonly approved: number;
  readonly approvalRate: number;
  /** Of the approved, those who defaulted; NaN when nobody is approved. */
  readonly badAmongApproved: number;
  /** Of those who defaulted, the approved: the lender loses. */
  readonly badApproved: number;
  /** Of those who paid, the refused: the person loses. */
  readonly goodRefused: number;
}

/** @param cutOff the lowest score that is approved */
export function decisionAt(
  people: readonly { readonly valor: number; readonly inadimplente: boolean }[],
  cutOff: number,
): Decision {
  const approved = people.filter(({ valor }) => valor >= cutOff);
  const bad = people.filter(({ inadimplente }) => inadimplente).length;
  const badApproved = approved.filter(({ inadimplente }) => inadimplente).length;
  const good = people.length - bad;
  return {
    cutOff,
    people: people.length,
    approved: approved.length,
    approvalRate: approved.length / people.length,
    badAmongApproved: badApproved / approved.length,
    badApproved: badApproved / bad,
    goodRefused: 1 - (approved.length - badApproved) / good,
  };
}
