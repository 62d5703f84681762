import { type Cpf, readCpf } from '@pessoa/domain/cpf';
import { type DirectiveNode, valueFromASTUntyped } from 'graphql';
import type { FieldShape, ObjectShape, ValueShape } from './fetch-shape.ts';

/** A person a fetch asks for, as the client or an earlier fetch named them. */
export interface AskedPerson {
  readonly cpf: Cpf | null;
  readonly typeName: string;
}

/** The people behind one root field of a fetch, in the order asked. */
export interface AskedPeople {
  readonly isList: boolean;
  readonly people: readonly AskedPerson[];
  readonly object: ObjectShape;
}

/** @returns undefined for a root field that is not about people */
export function askedPeople(root: FieldShape, variables: Readonly<Record<string, unknown>>): AskedPeople | undefined {
  const object = objectOf(root.value);
  if (!object) return undefined;
  const argument = (name: string): unknown => {
    const node = root.arguments.find((one) => one.name.value === name);
    return node && valueFromASTUntyped(node.value, variables);
  };
  const typeName = object.typeName ?? '';

  const representations = root.name === '_entities' ? argument('representations') : undefined;
  if (Array.isArray(representations)) {
    const people = representations.map((one: { __typename: string; cpf?: unknown }) => ({
      cpf: readCpf(one.cpf) ?? null,
      typeName: one.__typename,
    }));
    return { isList: true, people, object };
  }
  const cpfs = argument('cpfs');
  if (cpfs !== undefined) {
    // GraphQL takes a single value for a list of one.
    const people = [cpfs].flat().map((one) => ({ cpf: readCpf(one) ?? null, typeName }));
    return { isList: true, people, object };
  }
  const cpf = argument('cpf');
  return cpf === undefined ? undefined : { isList: false, people: [{ cpf: readCpf(cpf) ?? null, typeName }], object };
}

const objectOf = (value: ValueShape): ObjectShape | undefined => value.object ?? (value.item && objectOf(value.item));

/** Whether a field is asked for, on an object of this type and with these variables. */
export function isAskedFor(
  field: FieldShape,
  typeName: unknown,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  if (field.onType !== undefined && field.onType !== typeName) return false;
  if (!field.conditions) return true;
  return field.conditions.some((all) =>
    all.every(({ keepsWhen, value }) => conditionOf(value, variables) === keepsWhen),
  );
}

function conditionOf(directive: DirectiveNode, variables: Readonly<Record<string, unknown>>): unknown {
  const [argument] = directive.arguments ?? [];
  return argument && valueFromASTUntyped(argument.value, variables);
}
