import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Thrown for an answer that is not of the plain form a projector was made for; nothing was changed. */
export class IrregularAnswerError extends Error {}

/** Makes the client's data out of checked answers of several subgraphs, in the order the client asked, changing none. */
export type Projector = (answers: readonly Record<string, unknown>[]) => Record<string, unknown>;

interface Projection {
  readonly key: string;
  /** Undefined for a leaf. */
  readonly fields: readonly Projection[] | undefined;
  /** The value of `__typename`. */
  readonly constant?: string;
}

/** Undefined for an operation that only the gateway's own executor understands: conditions, introspection, abstract types. */
export function projectorOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
): Projector | undefined {
  const root = schema.getRootType(operation.operation);
  const fields = root ? new ProjectionReader(fragments).fieldsOf([operation.selectionSet], root) : undefined;
  return fields && ((answers) => projectObject(fields, answers));
}

class ProjectionReader {
  readonly #fragments: Readonly<Record<string, FragmentDefinitionNode>>;

  constructor(fragments: Readonly<Record<string, FragmentDefinitionNode>>) {
    this.#fragments = fragments;
  }

  fieldsOf(selections: readonly SelectionSetNode[], type: GraphQLObjectType): Projection[] | undefined {
    const byKey = new Map<string, FieldNode[]>();
    if (!selections.every((selection) => this.#collect(selection, type, byKey))) return undefined;
    const fields = [...byKey].map(([key, nodes]) => this.#fieldOf(key, nodes, type));
    return fields.every((field) => field !== undefined) ? fields : undefined;
  }

  #collect(selection: SelectionSetNode, type: GraphQLObjectType, byKey: Map<string, FieldNode[]>): boolean {
    return selection.selections.every((node) => {
      if (node.directives?.length) return false;
      if (node.kind === Kind.FIELD) {
        const key = (node.alias ?? node.name).value;
        const nodes = byKey.get(key);
        if (nodes) nodes.push(node);
        else byKey.set(key, [node]);
        return true;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments[node.name.value] : node;
      if (!fragment || fragment.directives?.length) return false;
      if (fragment.typeCondition && fragment.typeCondition.name.value !== type.name) return false;
      return this.#collect(fragment.selectionSet, type, byKey);
    });
  }

  #fieldOf(key: string, nodes: readonly FieldNode[], type: GraphQLObjectType): Projection | undefined {
    const name = nodes[0]!.name.value;
    if (name === '__typename') return { key, fields: undefined, constant: type.name };
    const field = type.getFields()[name];
    if (!field) return undefined;
    const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (inner.length === 0) return { key, fields: undefined };
    const innerType = getNamedType(field.type);
    const fields = isObjectType(innerType) ? this.fieldsOf(inner, innerType) : undefined;
    return fields && { key, fields };
  }
}

function projectObject(
  fields: readonly Projection[],
  sources: readonly Record<string, unknown>[],
): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const field of fields) object[field.key] = field.constant ?? projectField(field, sources);
  return object;
}

function projectField({ key, fields }: Projection, sources: readonly Record<string, unknown>[]): unknown {
  const [only] = sources;
  if (sources.length === 1) return projectValue(fields, only![key]);
  const values: unknown[] = [];
  for (const source of sources) if (source[key] !== undefined) values.push(source[key]);
  return values.length > 1 && fields ? projectShared(fields, values) : projectValue(fields, values[0]);
}

/** A value that one source alone gave. */
function projectValue(fields: readonly Projection[] | undefined, value: unknown): unknown {
  if (value === undefined) throw new IrregularAnswerError('a requested key is absent');
  if (!fields || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => projectValue(fields, item));
  return projectObject(fields, [value as Record<string, unknown>]);
}

/** An object, or a list of them, to which several sources gave their part: the person, or the people. */
function projectShared(fields: readonly Projection[], values: readonly unknown[]): unknown {
  const [first] = values;
  if (Array.isArray(first)) {
    const lists = values as readonly unknown[][];
    if (!lists.every((list) => Array.isArray(list) && list.length === first.length)) {
      throw new IrregularAnswerError('lists of one field differ in length');
    }
    return first.map((_, index) => projectShared(fields, lists.map((list) => list[index]))); // prettier-ignore
  }
  if (!values.every((value) => typeof value === 'object' && value !== null && !Array.isArray(value))) {
    throw new IrregularAnswerError('the sources of one field do not agree');
  }
  return projectObject(fields, values as Record<string, unknown>[]);
}
