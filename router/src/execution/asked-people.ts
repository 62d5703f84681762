import type { Cpf } from '@pessoa/domain/cpf';
import { requestedPeople } from '@pessoa/service/graphql/requested-people';
import type { Variables } from '@pessoa/service/graphql/selection';
import type { FieldShape, ObjectShape, ValueShape } from './fetch-shape.ts';

/** A person a fetch asks for, as the client or an earlier fetch named them. */
export interface AskedPerson {
  readonly cpf: Cpf | null;
  readonly typeName: string;
}

/** The people behind one root field of a fetch, in the order asked, and what is asked of each. */
export interface AskedPeople {
  readonly isList: boolean;
  readonly people: readonly AskedPerson[];
  readonly object: ObjectShape;
}

/** @returns undefined for a root field that is not about people */
export function askedPeople(root: FieldShape, variables: Variables): AskedPeople | undefined {
  const object = objectOf(root.value);
  const requested = object && requestedPeople(root.node, variables);
  if (!requested) return undefined;
  const people = requested.people.map(({ cpf, typeName = object.typeName ?? '' }) => ({ cpf, typeName }));
  return { isList: requested.isList, people, object };
}

/** The object that a value is, or is a list of. */
export function objectOf(value: ValueShape): ObjectShape | undefined {
  if (value.kind === 'list') return objectOf(value.item);
  return value.kind === 'object' ? value.object : undefined;
}
