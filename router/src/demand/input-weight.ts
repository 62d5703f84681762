import type { Variables } from '@pessoa/service/graphql/selection';
import {
  type FieldNode,
  getNamedType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  isInputObjectType,
  Kind,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import type { CostRules } from './cost-rules.ts';
import { sumOf, type Term } from './term.ts';

/** The weights of a field's arguments: of each that is given and not null, and of the fields of input objects in it. */
export function argumentsWeight(
  rules: CostRules,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  { arguments: nodes = [] }: FieldNode,
): Term {
  const terms = field.args.flatMap((argument): Term[] => {
    const weight = rules.argumentWeight(type, field.name, argument.name);
    if (weight === 0 && !hasWeight(rules, argument.type)) return [];
    const value = nodes.find(({ name }) => name.value === argument.name)?.value;
    if (!value) return [];
    const weightOf = (given: unknown): number =>
      given === null || given === undefined ? 0 : weight + valueWeight(rules, argument.type, given);
    return [holdsVariable(value) ? (variables) => weightOf(valueFromASTUntyped(value, variables)) : weightOf(valueFromASTUntyped(value))]; // prettier-ignore
  });
  return sumOf(terms);
}

function holdsVariable(node: ValueNode): boolean {
  if (node.kind === Kind.LIST) return node.values.some(holdsVariable);
  if (node.kind === Kind.OBJECT) return node.fields.some(({ value }) => holdsVariable(value));
  return node.kind === Kind.VARIABLE;
}

/** Whether some input object in this type has a field with a weight. */
function hasWeight(rules: CostRules, type: GraphQLInputType, visited = new Set<string>()): boolean {
  const named = getNamedType(type);
  if (!isInputObjectType(named) || visited.has(named.name)) return false;
  visited.add(named.name);
  return Object.values(named.getFields()).some(
    (field) => rules.inputFieldWeight(named, field.name) > 0 || hasWeight(rules, field.type, visited),
  );
}

function valueWeight(rules: CostRules, type: GraphQLInputType, value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + valueWeight(rules, type, item), 0);
  const named = getNamedType(type);
  if (!isInputObjectType(named) || typeof value !== 'object' || value === null) return 0;
  const given = value as Variables;
  return Object.values(named.getFields()).reduce((sum, field) => {
    const inner = Object.hasOwn(given, field.name) ? given[field.name] : undefined;
    if (inner === null || inner === undefined) return sum;
    return sum + rules.inputFieldWeight(named, field.name) + valueWeight(rules, field.type, inner);
  }, 0);
}
