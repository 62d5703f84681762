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
 * The variables of an operation that stand where null may not be: as an argument of a field or a directive, inside a list or
 * an input object. A variable with a default may be declared nullable and still stand there, and graphql-js then finds an
 * explicit null only while it executes.
 */
export function variablesUsedAsNonNull(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): ReadonlySet<string> {
  const found = new Set<string>();
  const types = new TypeInfo(schema);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const seen = new Set<string>();
  const open: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation];
  const visitor = visitWithTypeInfo(types, {
    Variable({ name }) {
      if (isNonNullType(types.getInputType())) found.add(name.value);
    },
    VariableDefinition: () => false,
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (!fragment || seen.has(name.value)) return;
      seen.add(name.value);
      open.push(fragment);
    },
  });
  for (let node = open.pop(); node; node = open.pop()) visit(node, visitor);
  return found;
}
