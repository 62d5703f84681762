import {
  Kind,
  valueFromASTUntyped,
  visit,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';

export type Variables = Readonly<Record<string, unknown>>;
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

export const fragmentsOf = (document: DocumentNode): Fragments =>
  new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );

/** The values of an operation's variables: what was sent, and the default of what was not. */
export function variablesOf(operation: OperationDefinitionNode, sent: Variables): Variables {
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    values[name] = Object.hasOwn(sent, name) && sent[name] !== undefined ? sent[name] : defaultValue && valueFromASTUntyped(defaultValue); // prettier-ignore
  }
  return values;
}

const CONDITIONS: Readonly<Record<string, boolean>> = { skip: false, include: true };

const conditionsOf = (directives: readonly DirectiveNode[] = []): DirectiveNode[] =>
  directives.filter(({ name }) => Object.hasOwn(CONDITIONS, name.value));

/** Whether `@skip` and `@include` leave a selection in. */
export const isIncluded = ({ directives }: SelectionNode, variables: Variables): boolean =>
  conditionsOf(directives).every((directive) => {
    const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value;
    return value !== undefined && valueFromASTUntyped(value, variables) === CONDITIONS[directive.name.value];
  });

/** The fragments that a definition spreads, directly or through others, each once. */
export function usedFragments(definition: OperationDefinitionNode, fragments: Fragments): FragmentDefinitionNode[] {
  const used = new Map<string, FragmentDefinitionNode>();
  const follow = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (!fragment || used.has(name.value)) return;
        used.set(name.value, fragment);
        follow(fragment);
      },
    });
  };
  follow(definition);
  return [...used.values()];
}

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
