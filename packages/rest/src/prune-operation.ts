import { parse, print, visit } from 'graphql';
import type { FieldNode } from 'graphql';

export interface PrunedOperation {
  readonly document: string;
  /** The names of the variables that are left. */
  readonly variables: ReadonlySet<string>;
}

/**
 * Makes a smaller operation of the operation of a route.
 *
 * @param document one operation without fragments and aliases, whose root field is `pessoa`
 * @param isKept whether to keep the field at a place, which is a path of field names under `pessoa`
 */
export function pruneOperation(document: string, isKept: (place: string) => boolean): PrunedOperation {
  const path: string[] = [];
  const withoutFields = visit(parse(document), {
    Field: {
      enter(node: FieldNode) {
        const [, ...place] = [...path, node.name.value];
        if (place.length > 0 && !isKept(place.join('.'))) return null;
        path.push(node.name.value);
        return undefined;
      },
      leave() {
        path.pop();
      },
    },
  });
  const variables = new Set<string>();
  visit(withoutFields, { Argument: (node) => visit(node, { Variable: ({ name }) => void variables.add(name.value) }) });
  const pruned = visit(withoutFields, {
    VariableDefinition: ({ variable }) => (variables.has(variable.name.value) ? undefined : null),
  });
  return { document: print(pruned), variables };
}
