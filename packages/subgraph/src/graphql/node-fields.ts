import { Selection } from '@pessoa/service/graphql/selection';
import type { FieldNode, GraphQLResolveInfo } from 'graphql';

type Selecting = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

const known = new WeakMap<FieldNode, ReadonlySet<string>>();

/**
 * The names of the fields that an operation selects of the nodes of a connection, by `nodes` or by `edges`; those that `@skip` or
 * `@include` may leave out are among them.
 */
export function nodeFieldsOf(info: Selecting): ReadonlySet<string> {
  const [first, ...others] = info.fieldNodes;
  const isAlone = first !== undefined && others.length === 0;
  const fields = (isAlone && known.get(first)) || readNodeFields(info);
  if (isAlone) known.set(first, fields);
  return fields;
}

function readNodeFields({ fieldNodes, fragments }: Selecting): ReadonlySet<string> {
  const parts = fieldNodes.flatMap(({ selectionSet }) =>
    selectionSet ? [{ selectionSet, condition: undefined }] : [],
  );
  const connection = new Selection(parts, new Map(Object.entries(fragments)));
  const named = (selections: readonly Selection[], name: string): Selection[] =>
    selections.flatMap(({ fields }) =>
      fields.flatMap((field) => (field.name === name && field.selection ? [field.selection] : [])),
    );
  const nodes = [...named([connection], 'nodes'), ...named(named([connection], 'edges'), 'node')];
  return new Set(nodes.flatMap(({ fields }) => fields.map(({ name }) => name)));
}
