import { getNamedType, isObjectType, Kind, parse, valueFromASTUntyped } from 'graphql';
import type { GraphQLField, GraphQLObjectType, SelectionSetNode } from 'graphql';

/** A field that an operation asks for, with what it asks of it. */
export interface Selected {
  /** The name of the type that has the field. */
  readonly parent: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly children: readonly Selected[];
}

/** @throws Error when the document is not one operation of plain fields, or asks for a field the SDL does not have */
export function selectionOf(document: string, query: GraphQLObjectType): readonly Selected[] {
  const [operation] = parse(document).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('a route is one named operation');
  return selected(operation.selectionSet, query);
}

function selected(selectionSet: SelectionSetNode, parent: GraphQLObjectType): readonly Selected[] {
  return selectionSet.selections.map((node) => {
    if (node.kind !== Kind.FIELD || node.alias !== undefined) {
      throw new Error('the operation of a route has no fragment and no alias');
    }
    const field = parent.getFields()[node.name.value];
    if (field === undefined) throw new Error(`the SDL has no ${parent.name}.${node.name.value}`);
    const type = getNamedType(field.type);
    const children = node.selectionSet && isObjectType(type) ? selected(node.selectionSet, type) : [];
    return { parent: parent.name, field, children };
  });
}

/** Follows a place such as `eventos.movimentacaoFinanceira.nodes`; the fields on the way, the last one included. */
export function fieldsAlong(place: string, selection: readonly Selected[]): readonly Selected[] {
  const [name, ...rest] = place.split('.');
  const step = selection.find(({ field }) => field.name === name);
  if (step === undefined) throw new Error(`the operation does not ask for ${place}`);
  return rest.length === 0 ? [step] : [step, ...fieldsAlong(rest.join('.'), step.children)];
}

/**
 * The scopes that reading the whole selection takes: any one of the lists, all scopes of it
 * (`@requiresScopes`: outer list OR, inner AND; the fields among themselves AND).
 */
export function scopesOf(selection: readonly Selected[]): readonly (readonly string[])[] {
  return selection.flatMap(({ field, children }) => [scopesOfField(field), scopesOf(children)]).reduce(bothOf, [[]]);
}

type Alternatives = readonly (readonly string[])[];

const bothOf = (left: Alternatives, right: Alternatives): Alternatives =>
  left.flatMap((one) => right.map((other) => [...new Set([...one, ...other])]));

function scopesOfField({ astNode }: GraphQLField<unknown, unknown>): Alternatives {
  const directive = astNode?.directives?.find(({ name }) => name.value === 'requiresScopes');
  const scopes = directive?.arguments?.find(({ name }) => name.value === 'scopes');
  return scopes === undefined ? [[]] : (valueFromASTUntyped(scopes.value) as Alternatives);
}
