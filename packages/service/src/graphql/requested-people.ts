import { type Cpf, readCpf } from '@pessoa/domain/cpf';
import { type DocumentNode, type FieldNode, type OperationDefinitionNode, valueFromASTUntyped, visit } from 'graphql';
import { isIncluded, type SelectedField, selectionOf, type Variables, variablesOf } from './selection.ts';

/** A person that a root field asks for. */
export interface RequestedPerson {
  /** Null for a value that is not a CPF. */
  readonly cpf: Cpf | null;
  /** The type of an entity reference; undefined when the root field itself gives the type. */
  readonly typeName: string | undefined;
}

/** The people that a root field asks for, in the order of the request. */
export interface RequestedPeople {
  /** Whether the answer is a list with one item for each person. */
  readonly isList: boolean;
  readonly people: readonly RequestedPerson[];
}

/** The arguments that name people. */
const PERSON_ARGUMENTS = ['cpf', 'cpfs', 'representations'] as const;

type PersonArgument = (typeof PERSON_ARGUMENTS)[number];

const isPersonArgument = (name: string): name is PersonArgument =>
  (PERSON_ARGUMENTS as readonly string[]).includes(name);

/**
 * Finds the people that a root field asks for. The check of a subgraph's answer and the audit use this function, so
 * that they agree. `router/src/limits` checks every `cpfs`, wherever it stands.
 *
 * @param variables with their defaults
 * @returns undefined for a root field that is not about people
 */
export function requestedPeople(
  { arguments: args = [] }: Pick<FieldNode, 'arguments'>,
  variables: Variables,
): RequestedPeople | undefined {
  for (const { name, value: node } of args) {
    if (!isPersonArgument(name.value)) continue;
    const value: unknown = valueFromASTUntyped(node, variables);
    if (name.value === 'cpf') return { isList: false, people: [personOf(value)] };
    // GraphQL reads a single value as a list with one item.
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return { isList: true, people: list.map(name.value === 'cpfs' ? personOf : personOfReference) };
  }
  return undefined;
}

/** The names of the variables in the arguments `cpf` and `cpfs` of a root field. */
export function personVariables({ arguments: args = [] }: Pick<FieldNode, 'arguments'>): string[] {
  const names: string[] = [];
  for (const argument of args) {
    if (argument.name.value !== 'cpf' && argument.name.value !== 'cpfs') continue;
    visit(argument, { Variable: ({ name }) => void names.push(name.value) });
  }
  return names;
}

const personOf = (value: unknown): RequestedPerson => ({ cpf: readCpf(value) ?? null, typeName: undefined });

function personOfReference(reference: unknown): RequestedPerson {
  const { cpf, __typename: typeName } = (reference ?? {}) as { cpf?: unknown; __typename?: unknown };
  return { cpf: readCpf(cpf) ?? null, typeName: typeof typeName === 'string' ? typeName : undefined };
}

/** A person that an operation asks for, the path to that person in the answer, and the root field. */
export interface PersonRequest {
  readonly cpf: Cpf;
  readonly path: readonly [string] | readonly [string, number];
  readonly root: SelectedField;
}

/** The people that an operation asks for in all root fields that `@skip` and `@include` let through. */
export function personRequests(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  sentVariables: Variables,
): PersonRequest[] {
  const variables = variablesOf(operation, sentVariables);
  return selectionOf(document, operation).fields.flatMap((root) => {
    if (!isIncluded(root.condition, variables)) return [];
    const requested = requestedPeople(root.node, variables);
    return (requested?.people ?? []).flatMap(({ cpf }, index): PersonRequest[] =>
      cpf === null ? [] : [{ cpf, path: requested?.isList ? [root.key, index] : [root.key], root }],
    );
  });
}
