import type { AnyOf } from './requirement.ts';

/** The check that denied a field. Checks of token and scopes do not depend on data; `allow` and policies may. */
export type Denial =
  /** The caller has no token. */
  | { readonly by: 'token' }
  /**
   * The caller lacks a scope. `scopes` would be enough: they are the alternative that lacks the fewest scopes, for each
   * unmet requirement.
   */
  | { readonly by: 'scopes'; readonly scopes: readonly string[] }
  /** The option `allow` returned false. */
  | { readonly by: 'allow' }
  /** A policy does not hold. `policies` are all policies that the field names. */
  | { readonly by: 'policies'; readonly policies: readonly string[] };

/**
 * Merges denials into one, by the check that comes first: `token`, `scopes`, `allow`, `policies`. It has the scopes or
 * policies of all denials by that check.
 *
 * @returns undefined if there are none
 */
export function mergeDenials(denials: readonly Denial[]): Denial | undefined {
  const first = checksInOrder.flatMap((check) => denials.filter(({ by }) => by === check))[0];
  if (first?.by === 'scopes') {
    return {
      by: 'scopes',
      scopes: [...new Set(denials.flatMap((denial) => (denial.by === 'scopes' ? denial.scopes : [])))],
    };
  }
  if (first?.by === 'policies') {
    return {
      by: 'policies',
      policies: [...new Set(denials.flatMap((denial) => (denial.by === 'policies' ? denial.policies : [])))],
    };
  }
  return first;
}

const checksInOrder: readonly Denial['by'][] = ['token', 'scopes', 'allow', 'policies'];

/**
 * Finds scopes that would meet the requirements: all scopes of the alternative that lacks the fewest, for each unmet
 * requirement. If two alternatives lack as many, the first counts.
 */
export function nearestScopes(requirements: readonly AnyOf[], heldScopes: ReadonlySet<string>): string[] {
  const countMissing = (allOf: readonly string[]): number => allOf.filter((name) => !heldScopes.has(name)).length;
  const nearest = requirements.map((anyOf) => anyOf.toSorted((a, b) => countMissing(a) - countMissing(b))[0] ?? []);
  return [...new Set(nearest.filter((allOf) => countMissing(allOf) > 0).flat())];
}
