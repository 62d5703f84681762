import type { Cpf } from '@pessoa/domain/cpf';
import { requestedPeople } from '@pessoa/service/graphql/requested-people';
import type { Variables } from '@pessoa/service/graphql/selection';
import type { FieldShape, ObjectShape, ValueShape } from './fetch-shape.ts';

/** A person that a fetch requests. */
export interface PersonReference {
  /** Null if the request does not hold a valid CPF. */
  readonly cpf: Cpf | null;
  /** Of the reference, else of the root field. Empty if neither has one. */
  readonly typeName: string;
}

/** The people of one root field of a fetch. */
export interface RootPeople {
  /** True if the answer is a list, with one entry for each person. */
  readonly isList: boolean;
  /** In the order of the request. */
  readonly people: readonly PersonReference[];
  /** What the fetch selects of each person. */
  readonly shape: ObjectShape;
}

/** @returns undefined for a root field that does not name people, such as `_entities` of another type */
export function peopleOfRoot(root: FieldShape, variables: Variables): RootPeople | undefined {
  const shape = objectShapeOf(root.value);
  const requested = shape && requestedPeople(root.node, variables);
  if (!requested) return undefined;
  if (requested.people.some(({ typeName = 'Pessoa' }) => typeName !== 'Pessoa')) return undefined;
  const people = requested.people.map(({ cpf, typeName = shape.typeName ?? '' }) => ({ cpf, typeName }));
  return { isList: requested.isList, people, shape };
}

/** The shape of an object, or of the objects in a list. */
export function objectShapeOf(value: ValueShape): ObjectShape | undefined {
  if (value.kind === 'list') return objectShapeOf(value.item);
  return value.kind === 'object' ? value.object : undefined;
}
