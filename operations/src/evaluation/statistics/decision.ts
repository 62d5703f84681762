import { shareOf } from './means.ts';

/** What would have happened if everybody with at least the cut-off had been approved. */
export interface Decision {
  readonly cutOff: number;
  readonly people: number;
  readonly approved: number;
  readonly approvalRate: number;
  /** Of the approved, those who defaulted; null when nobody is approved. */
  readonly badAmongApproved: number | null;
  /** Of those who defaulted, the approved: the lender loses. Null when nobody defaulted. */
  readonly badApproved: number | null;
  /** Of those who paid, the refused: the person loses. Null when nobody paid. */
  readonly goodRefused: number | null;
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
    badAmongApproved: shareOf(badApproved, approved.length),
    badApproved: shareOf(badApproved, bad),
    goodRefused: shareOf(good - (approved.length - badApproved), good),
  };
}
