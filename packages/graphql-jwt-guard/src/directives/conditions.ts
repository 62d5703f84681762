import {
  Kind,
  valueFromASTUntyped,
  visit,
  type DirectiveNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';

export type Variables = Readonly<Record<string, unknown>>;

const CONDITIONS: Readonly<Record<string, boolean>> = { skip: false, include: true };

const conditionsOf = (directives: readonly DirectiveNode[] = []): DirectiveNode[] =>
  directives.filter(({ name }) => Object.hasOwn(CONDITIONS, name.value));

/** Whether `@skip` and `@include` leave a selection in. */
export const isIncluded = ({ directives }: SelectionNode, variables: Variables): boolean =>
  conditionsOf(directives).every((directive) => {
    const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value;
    return value !== undefined && valueFromASTUntyped(value, variables) === CONDITIONS[directive.name.value];
  });

/** Every variable that `@skip` and `@include` depend on, without repeats. */
export function conditionVariables(
  definitions: readonly (OperationDefinitionNode | FragmentDefinitionNode)[],
): string[] {
  const names = new Set<string>();
  for (const definition of definitions) {
    visit(definition, {
      Directive(directive) {
        if (!Object.hasOwn(CONDITIONS, directive.name.value)) return;
        for (const { value } of directive.arguments ?? []) {
          if (value.kind === Kind.VARIABLE) names.add(value.name.value);
        }
      },
    });
  }
  return [...names];
}

/** The value of a condition as `isIncluded` reads it: for it, every value that is no boolean is the same. */
export const conditionValue = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);
