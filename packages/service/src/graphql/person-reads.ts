import type { Cpf } from '@pessoa/domain/cpf';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { type PersonRequest, personRequests } from './requested-people.ts';
import type { SelectedField, Selection, Variables } from './selection.ts';

/** A requested field: its response key, which errors use, and its name in the schema, which the audit stores. */
interface RequestedField {
  readonly key: string;
  readonly name: string;
  readonly children: readonly RequestedField[];
}

/** A place in the answer that has the person, and the fields requested there. */
export interface PersonPlace {
  readonly path: PersonRequest['path'];
  readonly fields: readonly RequestedField[];
}

/** A person whom an operation reads, with every place in the answer: an operation may ask for a person more than once. */
export interface PersonRead {
  readonly cpf: Cpf;
  readonly places: readonly PersonPlace[];
}

/** Two levels distinguish `eventos.ultimaConsulta` from `eventos.movimentacaoFinanceira`. */
const FIELD_DEPTH = 2;

const fieldsByRoot = new WeakMap<SelectedField, readonly RequestedField[]>();

/** The people whom an operation reads, each once. Asking only for `cpf` is not a read, because the client sent the CPF. */
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
