import type { Cpf } from '@pessoa/domain/cpf';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { type PersonRequest, personRequests } from './requested-people.ts';
import type { SelectedField, Selection, Variables } from './selection.ts';

/** A requested field by its response key, which errors name, and its schema name, which the audit keeps. */
interface RequestedField {
  readonly key: string;
  readonly name: string;
  readonly children: readonly RequestedField[];
}

/** One place of an answer that has the person. */
export interface PersonPlace {
  readonly path: PersonRequest['path'];
  readonly fields: readonly RequestedField[];
}

/** One person an operation reads, with every place of the answer that has them: a person may be asked for more than once. */
export interface PersonRead {
  readonly cpf: Cpf;
  readonly places: readonly PersonPlace[];
}

/** Deep enough to tell `eventos.ultimaConsulta` from `eventos.movimentacaoFinanceira`. */
const FIELD_DEPTH = 2;

const fieldsByRoot = new WeakMap<SelectedField, readonly RequestedField[]>();

/** The people an operation reads, each once. A selection of nothing but `cpf` reads nothing: the client sent it. */
export function personReads(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): PersonRead[] {
  const reads = new Map<Cpf, PersonPlace[]>();
  for (const { cpf, path, root } of personRequests(document, operation, variables)) {
    const fields = fieldsOf(root);
    if (fields.length === 0) continue;
    const places = reads.get(cpf) ?? [];
    reads.set(cpf, places);
    places.push({ path, fields });
  }
  return [...reads].map(([cpf, places]) => ({ cpf, places }));
}

function fieldsOf(root: SelectedField): readonly RequestedField[] {
  let fields = fieldsByRoot.get(root);
  if (!fields) fieldsByRoot.set(root, (fields = requestedFields(root.selection, FIELD_DEPTH)));
  return fields;
}

function requestedFields(selection: Selection | undefined, depth: number): RequestedField[] {
  if (!selection || depth === 0) return [];
  return selection.fields
    .filter(({ name }) => name !== 'cpf' && name !== '__typename')
    .map(({ key, name, selection: inner }) => ({ key, name, children: requestedFields(inner, depth - 1) }));
}
