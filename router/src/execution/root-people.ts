import type { Cpf } from '@pessoa/domain/cpf';
import { requestedPeople } from '@pessoa/service/graphql/requested-people';
import type { Variables } from '@pessoa/service/graphql/selection';
import type { FieldShape, ObjectShape, ValueShape } from './fetch-shape.ts';

/** A person a fetch asks for, as the client or an earlier fetch named them. */
export interface PersonReference {
  readonly cpf: Cpf | null;
  readonly typeName: string;
}

/** The people behind one root field of a fetch, in the order asked, and what is asked of each. */
export interface RootPeople {
  readonly isList: boolean;
  readonly people: readonly PersonReference[];
  readonly shape: ObjectShape;
}

/** @returns undefined for a root field that is not about people */
export function peopleOfRoot(root: FieldShape, variables: Variables): RootPeople | undefined {
  const object = objectShapeOf(root.value);
  const requested = object && requestedPeople(root.node, variables);
  if (!requested) return undefined;
  const people = requested.people.map(({ cpf, typeName = object.typeName ?? '' }) => ({ cpf, typeName }));
  return { isList: requested.isList, people, shape: object };
}

/** The object that a value is, or is a list of. */
export function objectShapeOf(value: ValueShape): ObjectShape | undefined {
  if (value.kind === 'list') return objectShapeOf(value.item);
  return value.kind === 'object' ? value.object : undefined;
}
