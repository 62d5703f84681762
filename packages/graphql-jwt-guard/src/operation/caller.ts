import type { Denial } from '../directives/denial.ts';
import { isSatisfied } from '../directives/requirement.ts';
import { policyDenialOf, scopeDenialOf, type Rule } from '../directives/rule.ts';

/** What is known of whoever sends an operation, before anything is fetched. */
export interface Caller {
  readonly isAuthenticated: boolean;
  /** Only those of an authenticated caller count. */
  readonly scopes: ReadonlySet<string>;
  /** The policies that hold for this caller and this operation. */
  readonly policies: ReadonlySet<string>;
  /**
   * True if nobody ever changes the two sets: what they are denied is then remembered by them. It makes a request cheap when
   * all requests of a token share them. Default: false.
   */
  readonly hasFixedRights?: boolean;
}

/** Why a rule denies a caller; undefined when it does not. Checked in this order: token, scopes, policies. */
export function denialOf(rule: Rule, { isAuthenticated, scopes, policies }: Caller): Denial | undefined {
  const denial = scopeDenialOf(rule, isAuthenticated ? scopes : undefined);
  if (denial !== undefined) return denial;
  return rule.policies.every((anyOf) => isSatisfied(anyOf, policies)) ? undefined : policyDenialOf(rule);
}
