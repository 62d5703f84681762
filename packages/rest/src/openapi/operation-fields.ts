import { getNamedType, isObjectType, Kind, parse, valueFromASTUntyped } from 'graphql';
import type { GraphQLField, GraphQLObjectType, SelectionSetNode } from 'graphql';

/** A field that an operation asks for, with the fields that it asks for below it. */
export interface OperationField {
  /** The name of the type that has the field. */
  readonly parent: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly children: readonly OperationField[];
}

/**
 * The fields that the operation of a route asks for.
 *
 * @throws Error when the document has a fragment or an alias, or asks for a field that the SDL does not have
 */
export function operationFields(document: string, query: GraphQLObjectType): readonly OperationField[] {
  const [operation] = parse(document).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the document of a route must be one operation');
  return fieldsIn(operation.selectionSet, query);
}

function fieldsIn(selectionSet: SelectionSetNode, parent: GraphQLObjectType): readonly OperationField[] {
  return selectionSet.selections.map((node) => {
    if (node.kind !== Kind.FIELD || node.alias !== undefined) {
      throw new Error('the operation of a route must not have fragments or aliases');
    }
    const field = parent.getFields()[node.name.value];
    if (field === undefined) throw new Error(`the SDL has no ${parent.name}.${node.name.value}`);
    const type = getNamedType(field.type);
    const children = node.selectionSet && isObjectType(type) ? fieldsIn(node.selectionSet, type) : [];
    return { parent: parent.name, field, children };
  });
}

/**
 * The fields on a path such as `eventos.movimentacaoFinanceira.nodes`, one for each step.
 *
 * @throws Error when the operation does not ask for the path
 */
export function fieldsOnPath(path: string, selection: readonly OperationField[]): readonly OperationField[] {
  const [name, ...rest] = path.split('.');
  const step = selection.find(({ field }) => field.name === name);
  if (step === undefined) throw new Error(`the operation does not ask for ${path}`);
  return rest.length === 0 ? [step] : [step, ...fieldsOnPath(rest.join('.'), step.children)];
}

/**
 * The scopes that reading all these fields requires, as alternatives: a token must have all scopes of at least one list.
 * `@requiresScopes` of a field lists alternatives in the same way, and a token must satisfy every field.
 */
export function scopesOf(selection: readonly OperationField[]): readonly (readonly string[])[] {
  return selection.flatMap(({ field, children }) => [scopesOfField(field), scopesOf(children)]).reduce(combine, [[]]);
}

type Alternatives = readonly (readonly string[])[];

const combine = (left: Alternatives, right: Alternatives): Alternatives =>
  left.flatMap((scopes) => right.map((otherScopes) => [...new Set([...scopes, ...otherScopes])]));

function scopesOfField({ astNode }: GraphQLField<unknown, unknown>): Alternatives {
  const directive = astNode?.directives?.find(({ name }) => name.value === 'requiresScopes');
  const scopes = directive?.arguments?.find(({ name }) => name.value === 'scopes');
  return scopes === undefined ? [[]] : (valueFromASTUntyped(scopes.value) as Alternatives);
}
