import { nearestScopes, type Denial } from '../directives/denial.ts';
import { isSatisfied, type AnyOf, type Requirement } from '../directives/requirement.ts';

/** What is known of whoever sends an operation, before anything is fetched. */
export interface Caller {
  readonly isAuthenticated: boolean;
  /** Only those of an authenticated caller count. */
  readonly scopes: ReadonlySet<string>;
  /** The policies that hold for this caller and this operation. */
  readonly policies: ReadonlySet<string>;
}

/** Several requirements that must all hold, as one. */
export interface Rule {
  readonly needsToken: boolean;
  readonly scopes: readonly AnyOf[];
  readonly policies: readonly AnyOf[];
}

export const ruleOf = (requirements: readonly Requirement[]): Rule => ({
  needsToken: requirements.some(({ authenticated, scopes }) => authenticated || scopes !== undefined),
  scopes: distinct(requirements.flatMap(({ scopes }) => (scopes ? [scopes] : []))),
  policies: distinct(requirements.flatMap(({ policies }) => (policies ? [policies] : []))),
});

const distinct = (lists: readonly AnyOf[]): AnyOf[] => [
  ...new Map(lists.map((anyOf) => [JSON.stringify(anyOf), anyOf])).values(),
];

/** Why a rule denies a caller; undefined when it does not. Checked in this order: token, scopes, policies. */
export function denialOf(rule: Rule, { isAuthenticated, scopes, policies }: Caller): Denial | undefined {
  if (rule.needsToken && !isAuthenticated) return { by: 'token' };
  if (!rule.scopes.every((anyOf) => isSatisfied(anyOf, scopes))) {
    return { by: 'scopes', scopes: nearestScopes(rule.scopes, scopes) };
  }
  if (rule.policies.every((anyOf) => isSatisfied(anyOf, policies))) return undefined;
  return { by: 'policies', policies: [...new Set(rule.policies.flat(2))] };
}
