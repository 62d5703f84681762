import { type Cpf, readCpf } from '@pessoa/domain/cpf';
import { type DocumentNode, type FieldNode, type OperationDefinitionNode, valueFromASTUntyped, visit } from 'graphql';
import { isAskedFor, type SelectedField, selectionOf, type Variables, variablesOf } from './selection.ts';

/** A person that a root field asks for. */
export interface RequestedPerson {
  /** Null for what is no CPF. */
  readonly cpf: Cpf | null;
  /** The type that a reference names; undefined where the root field's own type is the person's. */
  readonly typeName: string | undefined;
}

/** The people that a root field asks for, in the order asked. */
export interface RequestedPeople {
  /** True where the answer is a list, with one entry for each of them. */
  readonly isList: boolean;
  readonly people: readonly RequestedPerson[];
}

/** The arguments that name people. */
const PERSON_ARGUMENTS = ['cpf', 'cpfs', 'representations'] as const;

type PersonArgument = (typeof PERSON_ARGUMENTS)[number];

const isPersonArgument = (name: string): name is PersonArgument =>
  (PERSON_ARGUMENTS as readonly string[]).includes(name);

/**
 * The one reading of which people a root field asks for, by which the limits, the check of a subgraph's answer and the
 * audit go.
 *
 * @param variables with their defaults
 * @returns undefined for a root field that is not about people
 */
export function requestedPeople(
  { arguments: given = [] }: Pick<FieldNode, 'arguments'>,
  variables: Variables,
): RequestedPeople | undefined {
  for (const { name, value: node } of given) {
    if (!isPersonArgument(name.value)) continue;
    const value: unknown = valueFromASTUntyped(node, variables);
    if (name.value === 'cpf') return { isList: false, people: [personOf(value)] };
    // GraphQL takes a single value for a list of one.
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return { isList: true, people: list.map(name.value === 'cpfs' ? personOf : referredPerson) };
  }
  return undefined;
}

/** The variables by which a root field names people as `cpf` and `cpfs`. */
export function personVariables({ arguments: given = [] }: Pick<FieldNode, 'arguments'>): string[] {
  const names: string[] = [];
  for (const argument of given) {
    if (argument.name.value !== 'cpf' && argument.name.value !== 'cpfs') continue;
    visit(argument, { Variable: ({ name }) => void names.push(name.value) });
  }
  return names;
}

const personOf = (value: unknown): RequestedPerson => ({ cpf: readCpf(value) ?? null, typeName: undefined });

function referredPerson(reference: unknown): RequestedPerson {
  const { cpf, __typename: typeName } = (reference ?? {}) as { cpf?: unknown; __typename?: unknown };
  return { cpf: readCpf(cpf) ?? null, typeName: typeof typeName === 'string' ? typeName : undefined };
}

/** One person an operation asks for, where the answer has them, and the root field that asks. */
export interface PersonRequest {
  readonly cpf: Cpf;
  readonly path: readonly [string] | readonly [string, number];
  readonly root: SelectedField;
}

/** The people an operation asks for, by every root field that `@skip` and `@include` let through. */
export function personRequests(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Variables,
): PersonRequest[] {
  const variables = variablesOf(operation, given);
  return selectionOf(document, operation).fields.flatMap((root) => {
    if (!isAskedFor(root.when, variables)) return [];
    const requested = requestedPeople(root.node, variables);
    return (requested?.people ?? []).flatMap(({ cpf }, index): PersonRequest[] =>
      cpf === null ? [] : [{ cpf, path: requested?.isList ? [root.key, index] : [root.key], root }],
    );
  });
}
