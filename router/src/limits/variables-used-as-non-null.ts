import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * Finds the variables of an operation that are used where null is not allowed: as an argument of a field or a
 * directive, or inside a list or an input object. A nullable variable with a default may be used there. graphql-js then
 * notices an explicit null only during execution.
 */
export function variablesUsedAsNonNull(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): ReadonlySet<string> {
  const names = new Set<string>();
  const types = new TypeInfo(schema);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const visitedFragments = new Set<string>();
  const pending: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation];
  const visitor = visitWithTypeInfo(types, {
    Variable({ name }) {
      if (isNonNullType(types.getInputType())) names.add(name.value);
    },
    VariableDefinition: () => false,
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (!fragment || visitedFragments.has(name.value)) return;
      visitedFragments.add(name.value);
      pending.push(fragment);
    },
  });
  for (let node = pending.pop(); node; node = pending.pop()) visit(node, visitor);
  return names;
}
