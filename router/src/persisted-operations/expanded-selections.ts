import { fragmentsOf } from '@pessoa/service/graphql/selection';
import { type DocumentNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/** Counts the selections of an operation with each fragment where it is spread, as `maxRecursiveSelections` of Apollo Server. */
export function expandedSelections(document: DocumentNode, operation: OperationDefinitionNode): number {
  const fragments = fragmentsOf(document);
  const countByFragment = new Map<string, number>();

  const count = ({ selections }: SelectionSetNode): number =>
    selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return sum + 1 + countFragment(selection.name.value);
      return sum + 1 + (selection.selectionSet ? count(selection.selectionSet) : 0);
    }, 0);

  // Counted once, because nested fragments double the work at each level. A fragment that spreads itself is refused later.
  function countFragment(name: string): number {
    const known = countByFragment.get(name);
    if (known !== undefined) return known;
    countByFragment.set(name, 0);
    const fragment = fragments.get(name);
    const fragmentCount = fragment ? count(fragment.selectionSet) : 0;
    countByFragment.set(name, fragmentCount);
    return fragmentCount;
  }

  return count(operation.selectionSet);
}
