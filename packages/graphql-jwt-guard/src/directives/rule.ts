import { nearestScopes, type Denial } from './denial.ts';
import { isSatisfied, type AnyOf, type Requirement } from './requirement.ts';

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

/** Rules that must all hold, as one. */
export const mergeRules = (rules: readonly Rule[]): Rule => ({
  needsToken: rules.some(({ needsToken }) => needsToken),
  scopes: distinct(rules.flatMap(({ scopes }) => scopes)),
  policies: distinct(rules.flatMap(({ policies }) => policies)),
});

const distinct = (lists: readonly AnyOf[]): AnyOf[] => [
  ...new Map(lists.map((anyOf) => [JSON.stringify(anyOf), anyOf])).values(),
];

/**
 * Why the token or its scopes do not meet a rule.
 *
 * @param scopes the caller's; undefined: the caller is not authenticated
 * @returns undefined if they meet it
 */
export function scopeDenialOf(rule: Rule, scopes: ReadonlySet<string> | undefined): Denial | undefined {
  if (scopes === undefined) return rule.needsToken ? { by: 'token' } : undefined; // a rule with scopes needs a token
  if (rule.scopes.every((anyOf) => isSatisfied(anyOf, scopes))) return undefined;
  return { by: 'scopes', scopes: nearestScopes(rule.scopes, scopes) };
}

/** The denial of a rule whose policies do not hold. */
export const policyDenialOf = ({ policies }: Rule): Denial => ({
  by: 'policies',
  policies: [...new Set(policies.flat(2))],
});
