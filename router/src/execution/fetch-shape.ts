import {
  isAskedFor,
  type Selection,
  selectionOf,
  type Variables,
  variablesOf,
  type When,
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

/** What a fetch of the query plan asks of a subgraph, and so what its answer must look like. */
export interface FetchShape {
  readonly isQuery: boolean;
  readonly roots: readonly FieldShape[];
  /** What was given, and the defaults of the fetch's variables that were not. */
  readonly withDefaults: (given: Variables | undefined) => Variables;
}

export interface FieldShape {
  /** Response key. */
  readonly key: string;
  readonly name: string;
  readonly value: ValueShape;
  readonly node: FieldNode;
  /** What its `@skip` and `@include` say. Undefined: it is always asked for. */
  readonly when: When | undefined;
  /** Asked for on objects of this type only; undefined: on all. */
  readonly onType: string | undefined;
}

export type ValueShape = { readonly isNonNull: boolean } & (
  | { readonly kind: 'list'; readonly item: ValueShape }
  | { readonly kind: 'object'; readonly object: ObjectShape }
  | { readonly kind: 'leaf'; readonly isLeaf: (value: unknown) => boolean }
);

export interface ObjectShape {
  /** Undefined where only the answer can tell. */
  readonly typeName: string | undefined;
  readonly fields: readonly FieldShape[];
}

/** Reads a fetch once. @param schema the API schema: what it does not know is checked for presence only */
export function readFetchShape(query: string, schema: GraphQLSchema): FetchShape {
  const document = parse(query, { noLocation: true });
  const operation = document.definitions.find(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation) throw new TypeError('a fetch of the query plan has no operation');
  return {
    isQuery: operation.operation === 'query',
    roots: new FetchShapeReader(schema).fieldsOf(
      selectionOf(document, operation),
      schema.getRootType(operation.operation)?.name,
    ),
    withDefaults: (given) => variablesOf(operation, given),
  };
}

/** Whether a field is asked for, on an object of this type and with these variables. */
export const isFieldRequested = ({ onType, when }: FieldShape, typeName: unknown, variables: Variables): boolean =>
  (onType === undefined || onType === typeName) && isAskedFor(when, variables);

/** As much of a path as the fetch asks for; undefined when it starts at no root of the fetch. */
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
    return selection.fieldsOn(typeName).map(({ key, node, onType, when, selection: inner }) => {
      const parent = this.#schema.getType(onType ?? typeName ?? '');
      const type = isObjectType(parent) ? parent.getFields()[node.name.value]?.type : undefined;
      return { key, name: node.name.value, node, value: this.#valueOf(type, inner), when, onType };
    });
  }

  #valueOf(type: GraphQLType | undefined, selection: Selection | undefined): ValueShape {
    if (isNonNullType(type)) return { ...this.#valueOf(type.ofType, selection), isNonNull: true };
    if (isListType(type)) return { isNonNull: false, kind: 'list', item: this.#valueOf(type.ofType, selection) };
    if (selection) {
      const named = type && getNamedType(type);
      const typeName = isObjectType(named) ? named.name : undefined;
      return { isNonNull: false, kind: 'object', object: { typeName, fields: this.fieldsOf(selection, typeName) } };
    }
    return { isNonNull: false, kind: 'leaf', isLeaf: leafCheck(type) };
  }
}

const isText = (value: unknown): boolean => typeof value === 'string';

const builtIn: Readonly<Record<string, (value: unknown) => boolean>> = {
  Int: (value) => typeof value === 'number' && (value | 0) === value, // 32 bits
  Float: (value) => typeof value === 'number',
  Boolean: (value) => typeof value === 'boolean',
  String: isText,
  ID: (value) => typeof value === 'string' || Number.isInteger(value),
};

/** Our own scalars are all text. */
function leafCheck(type: GraphQLType | undefined): (value: unknown) => boolean {
  if (!type) return () => true;
  if (isEnumType(type)) {
    const names = new Set(type.getValues().map(({ name }) => name));
    return (value) => typeof value === 'string' && names.has(value);
  }
  return builtIn[getNamedType(type).name] ?? isText;
}
