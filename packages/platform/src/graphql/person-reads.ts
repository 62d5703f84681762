import { type Cpf, readCpf } from '@pessoa/domain/cpf';
import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';

/** A requested field by its response key, which errors name, and its schema name, which the audit keeps. */
interface RequestedField {
  readonly key: string;
  readonly name: string;
  readonly children: readonly RequestedField[];
}

/** A root field of the operation that reads people. */
interface RootRead {
  readonly key: string;
  readonly isList: boolean;
  readonly argument: ValueNode;
  readonly fields: readonly RequestedField[];
}

/** One person an operation asks for, where the answer has them, and which of their fields it asks for. */
export interface PersonRead {
  readonly cpf: Cpf;
  readonly path: readonly (string | number)[];
  readonly fields: readonly RequestedField[];
}

const ARGUMENT_OF: Readonly<Record<string, string>> = { pessoa: 'cpf', pessoas: 'cpfs', _entities: 'representations' };
/** Deep enough to tell `eventos.ultimaConsulta` from `eventos.movimentacaoFinanceira`. */
const FIELD_DEPTH = 2;

const known = new WeakMap<OperationDefinitionNode, readonly RootRead[]>();

/** The people an operation reads. A selection of nothing but `cpf` reads nothing: the client sent it. */
export function personReads(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): PersonRead[] {
  let roots = known.get(operation);
  if (!roots) known.set(operation, (roots = rootReads(document, operation)));
  const given = { ...defaultsOf(operation), ...variables };
  return roots.flatMap((root) => {
    const value: unknown = valueFromASTUntyped(root.argument, given);
    const values = root.isList ? (Array.isArray(value) ? value : [value]) : [value];
    return values.flatMap((one, index) => {
      const cpf = readCpf(typeof one === 'object' && one !== null ? (one as { cpf?: unknown }).cpf : one);
      if (!cpf) return [];
      return [{ cpf, path: root.isList ? [root.key, index] : [root.key], fields: root.fields }];
    });
  });
}

/** A CPF that stands in the document as a variable's default is read like any other. */
const defaultsOf = ({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, unknown> =>
  Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );

function rootReads(document: DocumentNode, operation: OperationDefinitionNode): RootRead[] {
  return fieldsOf(document, operation.selectionSet).flatMap((field) => {
    const argumentName = ARGUMENT_OF[field.name.value];
    const argument = field.arguments?.find(({ name }) => name.value === argumentName)?.value;
    const fields = requestedFields(document, field.selectionSet, FIELD_DEPTH);
    if (!argument || fields.length === 0) return [];
    return [{ key: keyOf(field), isList: field.name.value !== 'pessoa', argument, fields }];
  });
}

function requestedFields(
  document: DocumentNode,
  selection: SelectionSetNode | undefined,
  depth: number,
): RequestedField[] {
  if (!selection || depth === 0) return [];
  return fieldsOf(document, selection)
    .filter(({ name }) => name.value !== 'cpf' && name.value !== '__typename')
    .map((field) => ({
      key: keyOf(field),
      name: field.name.value,
      children: requestedFields(document, field.selectionSet, depth - 1),
    }));
}

const keyOf = (field: FieldNode): string => (field.alias ?? field.name).value;

function fieldsOf(document: DocumentNode, selection: SelectionSetNode): FieldNode[] {
  return selection.selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [node];
    if (node.kind === Kind.INLINE_FRAGMENT) return fieldsOf(document, node.selectionSet);
    const fragment = document.definitions.find(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === node.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? fieldsOf(document, fragment.selectionSet) : [];
  });
}
