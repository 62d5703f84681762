import { requestedPeople } from '@pessoa/service/graphql/requested-people';
import { responseKey } from '@pessoa/service/graphql/selection';
import { type FieldNode, Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from 'graphql';
import { objectShapeOf } from './root-people.ts';
import type { FetchShape, FieldShape } from './fetch-shape.ts';

/** A fetch that asks each person who they are, so that people in another order than asked for are always noticed. */
export interface IdentifiedFetch {
  readonly query: string;
  /** By the key of a root field of people: the key under which each person has their CPF. */
  readonly cpfKeys: ReadonlyMap<string, string>;
}

/** Adds `cpf` to each root field of people that does not ask for it in every case. */
export function identifyFetch(query: string, { roots }: FetchShape): IdentifiedFetch {
  const cpfKeys = new Map<string, string>();
  const additions = new Map<string, string>();
  for (const root of roots) {
    const people = requestedPeople(root.node, {});
    const fields = people && objectShapeOf(root.value)?.fields;
    if (!fields) continue;
    const asked = fields.find(({ name, when, onType }) => name === 'cpf' && !when && (!onType || onType === 'Pessoa'));
    const key = asked?.key ?? freeKey(fields);
    cpfKeys.set(root.key, key);
    if (asked) continue;
    const field = key === 'cpf' ? 'cpf' : `${key}:cpf`;
    additions.set(root.key, root.name === '_entities' ? `...on Pessoa{${field}}` : field);
  }
  return { query: additions.size === 0 ? query : withAdditions(query, additions), cpfKeys };
}

/** `cpf`, or what a client's alias for another field leaves free. */
function freeKey(fields: readonly FieldShape[]): string {
  let key = 'cpf';
  while (fields.some((field) => field.key === key && field.name !== 'cpf')) key += '_';
  return key;
}

function withAdditions(query: string, additions: ReadonlyMap<string, string>): string {
  const operation = parse(query).definitions.find(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  );
  let text = '';
  let end = 0;
  for (const root of rootFields(operation!.selectionSet)) {
    const addition = additions.get(responseKey(root));
    const at = root.selectionSet?.loc?.end;
    if (addition === undefined || at === undefined) continue;
    text += `${query.slice(end, at - 1)} ${addition}`;
    end = at - 1;
  }
  return text + query.slice(end);
}

/** In the order of the text; those behind a fragment's name are left out, and the gateway writes none. */
const rootFields = ({ selections }: SelectionSetNode): FieldNode[] =>
  selections.flatMap((one) => {
    if (one.kind === Kind.FIELD) return [one];
    return one.kind === Kind.INLINE_FRAGMENT ? rootFields(one.selectionSet) : [];
  });
