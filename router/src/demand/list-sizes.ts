import { publicGraphQLError } from '@pessoa/service/graphql/public-graphql-error';
import type { Variables } from '@pessoa/service/graphql/selection';
import { type FieldNode, type GraphQLField, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import type { ListSize } from './cost-rules.ts';
import { maxOf, type Term } from './term.ts';

type Field = GraphQLField<unknown, unknown>;

/** The number of items of a list of which no directive tells a size. */
export const LIST_SIZE_DEFAULT = 10;

/** An argument that is a list, with one item in the answer for each of its own: people are counted as they are asked for. */
const COUNTED_ARGUMENT = 'cpfs';

/**
 * The number of items that a field can answer: its highest slicing argument, as a literal, a variable or a default. For
 * one that is null, or whose variable has no usable value, the assumed size; without that, the default of the argument.
 * (A composer refuses both together.)
 */
export function listSizeOf({ assumedSize, slicingArguments }: Partial<ListSize>, field: Field, node: FieldNode): Term {
  const fallback = assumedSize ?? defaultSizeOf(field, slicingArguments) ?? LIST_SIZE_DEFAULT;
  const counted = argumentOf(node, COUNTED_ARGUMENT);
  if (counted) return countOf(counted, fallback);
  const sizes = (slicingArguments ?? []).flatMap((name): Term[] => {
    const schemaDefault = field.args.find((argument) => argument.name === name)?.defaultValue;
    const given = argumentOf(node, name);
    if (given) return given.kind === Kind.NULL ? [] : [sliceOf(given, schemaDefault, fallback)];
    return typeof schemaDefault === 'number' ? [schemaDefault] : [];
  });
  return sizes.length > 0 ? maxOf(sizes) : fallback;
}

/** The highest default of the slicing arguments. */
function defaultSizeOf({ args }: Field, slicingArguments: readonly string[] = []): number | undefined {
  const defaults = args.flatMap(({ name, defaultValue }) =>
    slicingArguments.includes(name) && typeof defaultValue === 'number' ? [defaultValue] : [],
  );
  return defaults.length > 0 ? Math.max(...defaults) : undefined;
}

/**
 * Refuses a field that must have exactly one slicing argument. An argument is given when it is written, unless it is a
 * literal null.
 *
 * @param where `Type.field`
 * @throws GraphQLError BAD_USER_INPUT
 */
export function checkSlicing(listSize: ListSize, where: string, node: FieldNode): void {
  const { slicingArguments, requireOneSlicingArgument } = listSize;
  if (!requireOneSlicingArgument || slicingArguments.length === 0) return;
  const values = slicingArguments.map((name) => argumentOf(node, name));
  if (values.filter((value) => value && value.kind !== Kind.NULL).length === 1) return;
  const names = slicingArguments.map((name) => `\`${name}\``).join(', ');
  throw publicGraphQLError('BAD_USER_INPUT', { detail: `\`${where}\` takes exactly one of ${names}.`, nodes: node });
}

const argumentOf = ({ arguments: args = [] }: FieldNode, name: string): ValueNode | undefined =>
  args.find((argument) => argument.name.value === name)?.value;

const isSize = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

function sliceOf(node: ValueNode, schemaDefault: unknown, fallback: number): Term {
  if (node.kind !== Kind.VARIABLE) {
    const value: unknown = valueFromASTUntyped(node);
    return isSize(value) ? value : fallback;
  }
  const name = node.name.value;
  return (variables) => {
    // GraphQL takes the argument's default when the variable was not sent, and not when it is null.
    const value = variables[name] === undefined ? schemaDefault : variables[name];
    return isSize(value) ? value : fallback;
  };
}

/** GraphQL reads a single value as a list with one item. */
function countOf(node: ValueNode, ceiling: number): Term {
  if (node.kind === Kind.LIST) return Math.min(node.values.length, ceiling);
  if (node.kind !== Kind.VARIABLE) return 1;
  const name = node.name.value;
  return (variables: Variables) => {
    const value = variables[name];
    if (value === undefined || value === null) return ceiling;
    return Array.isArray(value) ? Math.min(value.length, ceiling) : 1;
  };
}
