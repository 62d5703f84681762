import {
  isCompositeType,
  Kind,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Rule } from '../directives/rule.ts';
import { returnedComposite, type SupergraphRules } from './supergraph-rules.ts';

/** The distinct rules of the fields that these definitions select. */
export function rulesOfOperation(
  rules: SupergraphRules,
  definitions: readonly (OperationDefinitionNode | FragmentDefinitionNode)[],
): Rule[] {
  const rulesFound = new Set<Rule>();
  const read = ({ selections }: SelectionSetNode, type: GraphQLCompositeType): void => {
    for (const node of selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) continue; // it is among the definitions
      if (node.kind === Kind.INLINE_FRAGMENT) {
        read(node.selectionSet, typeNamed(rules, node.typeCondition?.name.value) ?? type);
        continue;
      }
      const rule = rules.ruleOf(type, node.name.value);
      if (rule) rulesFound.add(rule);
      const returned = returnedComposite(type, node.name.value);
      if (node.selectionSet && returned) read(node.selectionSet, returned);
    }
  };
  for (const definition of definitions) {
    const type =
      definition.kind === Kind.FRAGMENT_DEFINITION
        ? typeNamed(rules, definition.typeCondition.name.value)
        : rules.schema.getRootType(definition.operation);
    if (type) read(definition.selectionSet, type);
  }
  return [...rulesFound];
}

function typeNamed({ schema }: SupergraphRules, name: string | undefined): GraphQLCompositeType | undefined {
  const type = name === undefined ? undefined : schema.getType(name);
  return isCompositeType(type) ? type : undefined;
}
