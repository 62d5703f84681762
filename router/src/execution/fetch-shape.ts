import {
  isIncluded,
  type Selection,
  selectionOf,
  type Variables,
  variablesOf,
  type Condition,
} from '@pessoa/service/graphql/selection';
import {
  type FieldNode,
  getNamedType,
  type GraphQLSchema,
  type GraphQLType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';

/** The form that the answer to a fetch of the query plan must have. */
export interface FetchShape {
  readonly isQuery: boolean;
  readonly roots: readonly FieldShape[];
  /** Adds the defaults of variables that the request does not send. */
  readonly withDefaults: (variables: Variables | undefined) => Variables;
}

export interface FieldShape {
  /** Response key. */
  readonly key: string;
  readonly name: string;
  readonly value: ValueShape;
  readonly node: FieldNode;
  /** The conditions of `@skip` and `@include`. Undefined: the fetch always requests the field. */
  readonly when: Condition | undefined;
  /** The fetch requests the field only on objects of this type. Undefined: on all objects. */
  readonly onType: string | undefined;
}

export type ValueShape = { readonly isNonNull: boolean } & (
  | { readonly kind: 'list'; readonly item: ValueShape }
  | { readonly kind: 'object'; readonly object: ObjectShape }
  | {
      readonly kind: 'leaf';
      /** Undefined for a field that the schema does not have. */
      readonly type: GraphQLType | undefined;
      readonly isValid: (value: unknown) => boolean;
    }
);

export interface ObjectShape {
  /** Undefined for an interface, a union and a type that the schema does not have: only the answer names the type. */
  readonly typeName: string | undefined;
  readonly fields: readonly FieldShape[];
}

/** Memory of a shape and of what else is derived from its query, at most: it was measured with the shortest tokens. */
export const fetchBytes = (query: string): number => query.length * 130;

/** @param schema the API schema; of a field that it does not have, only the presence is checked */
export function readFetchShape(query: string, schema: GraphQLSchema): FetchShape {
  const document = parse(query, { noLocation: true });
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation) throw new TypeError('a fetch of the query plan has no operation');
  return {
    isQuery: operation.operation === 'query',
    roots: new FetchShapeReader(schema).fieldsOf(
      selectionOf(document, operation),
      schema.getRootType(operation.operation)?.name,
    ),
    withDefaults: (variables) => variablesOf(operation, variables),
  };
}

/** Whether the fetch requests a field on an object of this type, with these variables. */
export const isFieldRequested = ({ onType, when }: FieldShape, typeName: unknown, variables: Variables): boolean =>
  (onType === undefined || onType === typeName) && isIncluded(when, variables);

/**
 * @returns the longest start of the path that the fetch requests; undefined if the path starts at no root of the fetch
 */
export function pathWithinFetch({ roots }: FetchShape, path: readonly (string | number)[]): typeof path | undefined {
  let fields = roots;
  let value: ValueShape | undefined;
  let length = 0;
  for (const step of path) {
    if (value?.kind === 'list') value = typeof step === 'number' && step >= 0 ? value.item : undefined;
    else value = fields.find(({ key }) => key === step)?.value;
    if (!value) break;
    fields = value.kind === 'object' ? value.object.fields : [];
    length++;
  }
  return length === 0 ? undefined : path.slice(0, length);
}

class FetchShapeReader {
  readonly #schema: GraphQLSchema;

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  fieldsOf(selection: Selection, typeName: string | undefined): FieldShape[] {
    return selection.fieldsOn(typeName).map(({ key, node, onType, condition: when, selection: inner }) => {
      const parent = this.#schema.getType(onType ?? typeName ?? '');
      const type = isObjectType(parent) ? parent.getFields()[node.name.value]?.type : undefined;
      const value = this.#shapeOf(type, inner);
      const isEntities = node.name.value === '_entities'; // a list that the API schema does not have
      return {
        key,
        name: node.name.value,
        node,
        value: isEntities ? { isNonNull: false, kind: 'list', item: value } : value,
        when,
        onType,
      };
    });
  }

  #shapeOf(type: GraphQLType | undefined, selection: Selection | undefined): ValueShape {
    if (isNonNullType(type)) return { ...this.#shapeOf(type.ofType, selection), isNonNull: true };
    if (isListType(type)) return { isNonNull: false, kind: 'list', item: this.#shapeOf(type.ofType, selection) };
    if (selection) {
      const named = type && getNamedType(type);
      const typeName = isObjectType(named) ? named.name : undefined;
      return { isNonNull: false, kind: 'object', object: { typeName, fields: this.fieldsOf(selection, typeName) } };
    }
    return { isNonNull: false, kind: 'leaf', type, isValid: leafCheckOf(type) };
  }
}

const isString = (value: unknown): boolean => typeof value === 'string';

const builtInScalars: Readonly<Record<string, (value: unknown) => boolean>> = {
  Int: (value) => typeof value === 'number' && (value | 0) === value, // 32 bits
  Float: (value) => typeof value === 'number',
  Boolean: (value) => typeof value === 'boolean',
  String: isString,
  ID: (value) => typeof value === 'string' || Number.isInteger(value),
};

/** Returns the check of a leaf. Custom scalars of this graph are all strings. */
function leafCheckOf(type: GraphQLType | undefined): (value: unknown) => boolean {
  if (!type) return () => true;
  if (isEnumType(type)) {
    const names = new Set(type.getValues().map(({ name }) => name));
    return (value) => typeof value === 'string' && names.has(value);
  }
  return builtInScalars[getNamedType(type).name] ?? isString;
}
