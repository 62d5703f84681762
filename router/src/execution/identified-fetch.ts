import { requestedPeople } from '@pessoa/service/graphql/requested-people';
import { responseKey } from '@pessoa/service/graphql/selection';
import { type FieldNode, Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from 'graphql';
import { objectShapeOf } from './root-people.ts';
import type { FetchShape, FieldShape } from './fetch-shape.ts';

/** A fetch that requests the CPF of each person. Thus the router notices an answer with people in another order. */
export interface IdentifiedFetch {
  readonly query: string;
  /** By the key of a root field of people: the key of each person's CPF. */
  readonly cpfKeys: ReadonlyMap<string, string>;
}

/** Adds `cpf` to each root field of people that does not always request it. */
export function identifyFetch(query: string, { roots }: FetchShape): IdentifiedFetch {
  const cpfKeys = new Map<string, string>();
  const additions = new Map<string, string>();
  for (const root of roots) {
    const people = requestedPeople(root.node, {});
    const fields = people && objectShapeOf(root.value)?.fields;
    if (!fields) continue;
    if (root.name === '_entities' && !fields.some(({ onType }) => onType === 'Pessoa')) continue;
    const cpfField = fields.find(
      ({ name, when, onType }) => name === 'cpf' && !when && (!onType || onType === 'Pessoa'),
    );
    const key = cpfField?.key ?? freeKeyOf(fields);
    cpfKeys.set(root.key, key);
    if (cpfField) continue;
    const field = key === 'cpf' ? 'cpf' : `${key}:cpf`;
    additions.set(root.key, root.name === '_entities' ? `...on Pessoa{${field}}` : field);
  }
  return { query: additions.size === 0 ? query : insertAdditions(query, additions), cpfKeys };
}

/** `cpf`, or `cpf_` and so on where the client uses that key for another field. */
function freeKeyOf(fields: readonly FieldShape[]): string {
  let key = 'cpf';
  while (fields.some((field) => field.key === key && field.name !== 'cpf')) key += '_';
  return key;
}

/** @param additions by the key of a root field: the selection to add to it */
function insertAdditions(query: string, additions: ReadonlyMap<string, string>): string {
  const operation = parse(query).definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  let result = '';
  let copiedUntil = 0;
  for (const root of rootFieldsOf(operation!.selectionSet)) {
    const addition = additions.get(responseKey(root));
    const end = root.selectionSet?.loc?.end;
    if (addition === undefined || end === undefined) continue;
    const closingBrace = end - 1;
    result += `${query.slice(copiedUntil, closingBrace)} ${addition}`;
    copiedUntil = closingBrace;
  }
  return result + query.slice(copiedUntil);
}

/**
 * In the order of the document. Named fragments are not opened: the planner keeps only those that a fetch uses twice, so
 * never one on the root.
 */
const rootFieldsOf = ({ selections }: SelectionSetNode): FieldNode[] =>
  selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    return selection.kind === Kind.INLINE_FRAGMENT ? rootFieldsOf(selection.selectionSet) : [];
  });
