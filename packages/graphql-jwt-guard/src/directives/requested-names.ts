import { Kind, type GraphQLResolveInfo, type SelectionNode } from 'graphql';
import { isIncluded } from './conditions.ts';

/**
 * The names of the fields that an operation selects in the value of a field, directly or by fragments, without
 * `__typename`. Skipped fields do not count.
 */
export function requestedNamesOf({ fieldNodes, fragments, variableValues }: GraphQLResolveInfo): Set<string> {
  const names = new Set<string>();
  const visited = new Set<string>(); // fragments may spread the same fragment many times
  const visit = (selections: readonly SelectionNode[] = []): void => {
    for (const node of selections) {
      if (!isIncluded(node, variableValues)) continue;
      if (node.kind === Kind.INLINE_FRAGMENT) visit(node.selectionSet.selections);
      else if (node.kind === Kind.FIELD) names.add(node.name.value);
      else if (!visited.has(node.name.value)) {
        visited.add(node.name.value);
        visit(fragments[node.name.value]?.selectionSet.selections);
      }
    }
  };
  for (const { selectionSet } of fieldNodes) visit(selectionSet?.selections);
  names.delete('__typename');
  return names;
}
