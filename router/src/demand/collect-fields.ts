import { responseKey, type Variables } from '@pessoa/service/graphql/selection';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { isIncluded } from 'graphql-jwt-guard';

/** The selections with one response key of one object, merged. */
export interface CollectedField {
  readonly key: string;
  /** The first of them. Validation makes sure that the others have the same arguments. */
  readonly node: FieldNode;
  readonly selectionSets: readonly SelectionSetNode[];
}

export interface CollectOptions {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The values of the variables of `@skip` and `@include`. */
  readonly variables: Variables;
}

/** What an operation asks of an object of one type: the fields that type conditions, `@skip` and `@include` let through. */
export function collectFields(
  selectionSets: readonly SelectionSetNode[],
  type: GraphQLObjectType,
  { schema, fragments, variables }: CollectOptions,
): CollectedField[] {
  const fields = new Map<string, { node: FieldNode; selectionSets: SelectionSetNode[] }>();
  const openFragments = new Set<string>();
  const applies = (condition: string | undefined): boolean => {
    const conditionType = condition === undefined ? type : schema.getType(condition);
    return conditionType === type || (isAbstractType(conditionType) && schema.isSubType(conditionType, type));
  };
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (!isIncluded(node, variables)) continue;
      if (node.kind === Kind.FIELD) {
        const key = responseKey(node);
        const field = fields.get(key) ?? { node, selectionSets: [] };
        fields.set(key, field);
        if (node.selectionSet) field.selectionSets.push(node.selectionSet);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        if (applies(node.typeCondition?.name.value)) collect(node.selectionSet);
      } else if (!openFragments.has(node.name.value)) {
        openFragments.add(node.name.value);
        const fragment = fragments.get(node.name.value);
        if (fragment && applies(fragment.typeCondition.name.value)) collect(fragment.selectionSet);
      }
    }
  };
  for (const selectionSet of selectionSets) collect(selectionSet);
  return [...fields].map(([key, field]) => ({ key, ...field }));
}
