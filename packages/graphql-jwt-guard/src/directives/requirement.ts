import { Kind, type ConstDirectiveNode, type ConstValueNode } from 'graphql';
import type { DirectiveKinds } from './authorization-directives.ts';

/** Alternatives, of which one must hold whole: the outer list is an OR, each inner list an AND. */
export type AnyOf = readonly (readonly string[])[];

/** What one type or one field asks of the caller; all that is there must hold. */
export interface Requirement {
  /** `@authenticated`. */
  readonly authenticated: boolean;
  /** `@requiresScopes(scopes:)`. */
  readonly scopes?: AnyOf;
  /** `@policy(policies:)`. */
  readonly policies?: AnyOf;
}

/** Whether some alternative is held whole. */
export const isSatisfied = (anyOf: AnyOf, held: ReadonlySet<string>): boolean =>
  anyOf.some((allOf) => allOf.every((name) => held.has(name)));

/** GraphQL's input coercion: where a list is expected, one value is a list of that value. */
const itemsOf = (value: ConstValueNode): readonly ConstValueNode[] =>
  value.kind === Kind.LIST ? value.values : [value];

function readAnyOf(directive: ConstDirectiveNode, argument: string, where: string): AnyOf {
  const value = directive.arguments?.find((arg) => arg.name.value === argument)?.value;
  const faultOf = (what: string) => new Error(`@${directive.name.value} on ${where}: ${what}`);
  if (value === undefined) throw faultOf(`\`${argument}\` is missing`);
  const anyOf = itemsOf(value).map((alternative) =>
    itemsOf(alternative).map((name) => {
      if (name.kind !== Kind.STRING || name.value === '') throw faultOf(`\`${argument}\` must hold texts`);
      return name.value;
    }),
  );
  // Read as "none will do" by logic and as "no requirement" by the GraphOS Router: whoever wrote it must say which.
  if (anyOf.length === 0 || anyOf.some((allOf) => allOf.length === 0)) throw faultOf('an empty list is ambiguous');
  return anyOf;
}

/**
 * Reads the authorization directives among those applied to one element.
 *
 * @param where how to name the element in an error: `Type` or `Type.field`
 * @returns undefined when there are none
 * @throws Error for a directive that is repeated or whose argument is empty or not readable
 */
export function readRequirement(
  directives: readonly ConstDirectiveNode[],
  kinds: DirectiveKinds,
  where: string,
): Requirement | undefined {
  let requirement: Requirement | undefined;
  const seen = new Set<string>();
  for (const directive of directives) {
    const kind = kinds.get(directive.name.value);
    if (kind === undefined) continue;
    if (seen.has(kind)) throw new Error(`@${directive.name.value} is applied more than once to ${where}`);
    seen.add(kind);
    requirement ??= { authenticated: false };
    if (kind === 'authenticated') requirement = { ...requirement, authenticated: true };
    if (kind === 'requiresScopes') requirement = { ...requirement, scopes: readAnyOf(directive, 'scopes', where) };
    if (kind === 'policy') requirement = { ...requirement, policies: readAnyOf(directive, 'policies', where) };
  }
  return requirement;
}
