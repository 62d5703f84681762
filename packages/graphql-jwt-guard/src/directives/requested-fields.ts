import { Kind, type FieldNode, type GraphQLResolveInfo, type SelectionNode } from 'graphql';
import { isIncluded } from './conditions.ts';

/**
 * The fields that an operation selects in the value of a field, directly or by fragments, without `__typename`. Skipped
 * fields do not count.
 */
export function requestedFieldsOf({ fieldNodes, fragments, variableValues }: GraphQLResolveInfo): FieldNode[] {
  const fields: FieldNode[] = [];
  const visited = new Set<string>(); // fragments may spread the same fragment many times
  const visit = (selections: readonly SelectionNode[] = []): void => {
    for (const node of selections) {
      if (!isIncluded(node, variableValues)) continue;
      if (node.kind === Kind.INLINE_FRAGMENT) visit(node.selectionSet.selections);
      else if (node.kind === Kind.FIELD) fields.push(node);
      else if (!visited.has(node.name.value)) {
        visited.add(node.name.value);
        visit(fragments[node.name.value]?.selectionSet.selections);
      }
    }
  };
  for (const { selectionSet } of fieldNodes) visit(selectionSet?.selections);
  return fields.filter(({ name }) => name.value !== '__typename');
}
