import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
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
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';

/** What a fetch of the query plan asks of a subgraph, and so what its answer must look like. */
export interface FetchShape {
  readonly isQuery: boolean;
  readonly roots: readonly FieldShape[];
  /** Default values of the fetch's variables. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

export interface FieldShape {
  /** Response key. */
  readonly key: string;
  readonly name: string;
  readonly value: ValueShape;
  readonly arguments: readonly ArgumentNode[];
  /** Asked for where any of these holds: all its `@skip` and `@include` let it through. Undefined: always. */
  readonly conditions: readonly (readonly Condition[])[] | undefined;
  /** Asked for on objects of this type only; undefined: on all. */
  readonly onType: string | undefined;
}

export interface Condition {
  readonly keepsWhen: boolean;
  readonly value: DirectiveNode;
}

export interface ValueShape {
  readonly isNonNull: boolean;
  readonly item?: ValueShape;
  readonly object?: ObjectShape;
  readonly isLeaf?: (value: unknown) => boolean;
}

export interface ObjectShape {
  /** Undefined where only the answer can tell. */
  readonly typeName: string | undefined;
  readonly fields: readonly FieldShape[];
}

/** Reads a fetch once. @param schema the API schema: what it does not know is checked for presence only */
export function readFetch(query: string, schema: GraphQLSchema): FetchShape {
  const document = parse(query, { noLocation: true });
  const operation = document.definitions.find(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation) throw new TypeError('a fetch of the query plan has no operation');
  const reader = new FetchReader(schema, document);
  const defaults = operation.variableDefinitions?.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
  );
  return {
    isQuery: operation.operation === 'query',
    roots: reader.fieldsOf(
      [{ selectionSet: operation.selectionSet, conditions: [] }],
      schema.getRootType(operation.operation)?.name,
    ),
    defaults: Object.fromEntries(defaults ?? []),
  };
}

/** A selection set and what must hold for it to count. */
interface Part {
  readonly selectionSet: SelectionSetNode;
  readonly conditions: readonly Condition[];
}

/** The occurrences of one response key, to be read as one field. */
interface Occurrences {
  readonly node: FieldNode;
  readonly onType: string | undefined;
  readonly parts: Part[];
  readonly conditions: Condition[][];
}

class FetchReader {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(schema: GraphQLSchema, document: DocumentNode) {
    this.#schema = schema;
    this.#fragments = new Map(
      document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
    );
  }

  fieldsOf(parts: readonly Part[], typeName: string | undefined): FieldShape[] {
    const found = new Map<string, Occurrences>();
    for (const part of parts) this.#collect(part, typeName, undefined, found);
    return [...found.values()].map(({ node, onType, parts: inner, conditions }) => {
      const parent = this.#schema.getType(onType ?? typeName ?? '');
      const type = isObjectType(parent) ? parent.getFields()[node.name.value]?.type : undefined;
      return {
        key: keyOf(node),
        name: node.name.value,
        value: this.#valueOf(type, inner),
        arguments: node.arguments ?? [],
        conditions: conditions.some((all) => all.length === 0) ? undefined : conditions,
        onType,
      };
    });
  }

  #collect(
    part: Part,
    typeName: string | undefined,
    onType: string | undefined,
    found: Map<string, Occurrences>,
  ): void {
    for (const selection of part.selectionSet.selections) {
      const conditions = [...part.conditions, ...conditionsOf(selection.directives)];
      if (selection.kind === Kind.FIELD) {
        const id = `${onType ?? ''}:${keyOf(selection)}`;
        const field = found.get(id) ?? { node: selection, onType, parts: [], conditions: [] };
        found.set(id, field);
        field.conditions.push(conditions);
        if (selection.selectionSet) field.parts.push({ selectionSet: selection.selectionSet, conditions });
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value) : selection;
      if (!fragment) continue;
      const condition = fragment.typeCondition?.name.value;
      const inner = condition === undefined || condition === typeName ? onType : condition;
      this.#collect({ selectionSet: fragment.selectionSet, conditions }, typeName, inner, found);
    }
  }

  #valueOf(type: GraphQLType | undefined, parts: readonly Part[]): ValueShape {
    if (isNonNullType(type)) return { ...this.#valueOf(type.ofType, parts), isNonNull: true };
    if (isListType(type)) return { isNonNull: false, item: this.#valueOf(type.ofType, parts) };
    if (parts.length > 0) {
      const named = type && getNamedType(type);
      const typeName = isObjectType(named) ? named.name : undefined;
      return { isNonNull: false, object: { typeName, fields: this.fieldsOf(parts, typeName) } };
    }
    return { isNonNull: false, isLeaf: leafCheck(type) };
  }
}

const keyOf = (node: FieldNode): string => (node.alias ?? node.name).value;

const conditionsOf = (directives: readonly DirectiveNode[] | undefined): Condition[] =>
  (directives ?? [])
    .filter(({ name }) => name.value === 'skip' || name.value === 'include')
    .map((value) => ({ keepsWhen: value.name.value === 'include', value }));

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
