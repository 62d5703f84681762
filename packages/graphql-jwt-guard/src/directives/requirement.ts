import { Kind, type ConstDirectiveNode, type ConstValueNode } from 'graphql';
import type { DirectiveKinds } from './authorization-directives.ts';

/** Alternatives: the outer list is an OR, each inner list an AND. */
export type AnyOf = readonly (readonly string[])[];

/** What a type or a field requires of the caller. All present members must hold. */
export interface Requirement {
  /** True for `@authenticated`. */
  readonly authenticated: boolean;
  /** `@requiresScopes(scopes:)`. */
  readonly scopes?: AnyOf;
  /** `@policy(policies:)`. */
  readonly policies?: AnyOf;
}

/** Whether the caller holds every name of some alternative. */
export const isSatisfied = (anyOf: AnyOf, heldNames: ReadonlySet<string>): boolean =>
  anyOf.some((allOf) => allOf.every((name) => heldNames.has(name)));

/** Input coercion of GraphQL: a single value in place of a list is a list of that value. */
const itemsOf = (value: ConstValueNode): readonly ConstValueNode[] =>
  value.kind === Kind.LIST ? value.values : [value];

function readAnyOf(directive: ConstDirectiveNode, argument: string, where: string): AnyOf {
  const value = directive.arguments?.find((arg) => arg.name.value === argument)?.value;
  const faultOf = (reason: string) => new Error(`@${directive.name.value} on ${where}: ${reason}`);
  if (value === undefined) throw faultOf(`\`${argument}\` is missing`);
  const anyOf = itemsOf(value).map((alternative) =>
    itemsOf(alternative).map((name) => {
      if (name.kind !== Kind.STRING || name.value === '') throw faultOf(`\`${argument}\` must hold non-empty strings`);
      return name.value;
    }),
  );
  // By logic an empty list can never hold; for the GraphOS Router it is no requirement. Its author must choose.
  if (anyOf.length === 0 || anyOf.some((allOf) => allOf.length === 0)) throw faultOf('an empty list is ambiguous');
  return anyOf;
}

/**
 * Reads the authorization directives of an element.
 *
 * @param where how an error names the element: `Type` or `Type.field`
 * @returns undefined if the element has none
 * @throws Error for a repeated directive, and for an empty or unreadable argument
 */
export function readRequirement(
  directives: readonly ConstDirectiveNode[],
  kinds: DirectiveKinds,
  where: string,
): Requirement | undefined {
  let requirement: Requirement | undefined;
  const kindsSoFar = new Set<string>();
  for (const directive of directives) {
    const kind = kinds.get(directive.name.value);
    if (kind === undefined) continue;
    if (kindsSoFar.has(kind)) throw new Error(`@${directive.name.value} is applied more than once to ${where}`);
    kindsSoFar.add(kind);
    requirement ??= { authenticated: false };
    if (kind === 'authenticated') requirement = { ...requirement, authenticated: true };
    if (kind === 'requiresScopes') requirement = { ...requirement, scopes: readAnyOf(directive, 'scopes', where) };
    if (kind === 'policy') requirement = { ...requirement, policies: readAnyOf(directive, 'policies', where) };
  }
  return requirement;
}
