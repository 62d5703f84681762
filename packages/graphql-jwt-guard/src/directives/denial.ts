import type { AnyOf } from './requirement.ts';

/** Which rule denied a field. It follows from the caller and the schema; only `allow` and policies may look at the data. */
export type Denial =
  /** There is no token. */
  | { readonly by: 'token' }
  /** Some scope is missing; `scopes` is what `nearestScopes` says. */
  | { readonly by: 'scopes'; readonly scopes: readonly string[] }
  | { readonly by: 'allow' }
  /** Some policy does not hold; `policies` are all that the field names. */
  | { readonly by: 'policies'; readonly policies: readonly string[] };

/** One denial for several, of the rule that is asked first, as `by` lists them, with whatever all of the same rule miss. */
export function mergeDenials(denials: readonly Denial[]): Denial | undefined {
  const first = rules.flatMap((rule) => denials.filter(({ by }) => by === rule))[0];
  if (first?.by === 'scopes') {
    return { by: 'scopes', scopes: [...new Set(denials.flatMap((one) => (one.by === 'scopes' ? one.scopes : [])))] };
  }
  if (first?.by === 'policies') {
    return {
      by: 'policies',
      policies: [...new Set(denials.flatMap((one) => (one.by === 'policies' ? one.policies : [])))],
    };
  }
  return first;
}

const rules: readonly Denial['by'][] = ['token', 'scopes', 'allow', 'policies'];

/** Of each requirement that is not met, the alternative of which the caller lacks the fewest scopes, whole; without repeats. */
export function nearestScopes(required: readonly AnyOf[], held: ReadonlySet<string>): string[] {
  const missing = (allOf: readonly string[]): number => allOf.filter((name) => !held.has(name)).length;
  const nearest = required.map((anyOf) => anyOf.toSorted((one, other) => missing(one) - missing(other))[0] ?? []);
  return [...new Set(nearest.filter((allOf) => missing(allOf) > 0).flat())];
}
