import { responseKey } from '@pessoa/service/graphql/selection';
import {
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Thrown for an answer that is not of the plain form a projector was made for; nothing was changed. */
export class IrregularAnswerError extends Error {}

/** Makes the client's data out of checked answers of several subgraphs, in the order the client asked, changing none. */
export type Projector = (answers: readonly Record<string, unknown>[]) => Record<string, unknown>;

interface ObjectProjection {
  /** The only type it may be of. */
  readonly typeName: string;
  readonly fields: readonly FieldProjection[];
}

interface FieldProjection {
  readonly key: string;
  readonly isTypeName: boolean;
  /** Undefined for a leaf. */
  readonly object: ObjectProjection | undefined;
}

/**
 * Undefined for an operation that only the gateway's own executor understands: conditions, introspection, abstract types,
 * aliases such as `__proto__` and `constructor`, which every JavaScript object seems to have.
 */
export function projectorOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
): Projector | undefined {
  const root = schema.getRootType(operation.operation);
  const object = root ? new ProjectionReader(fragments).objectOf([[operation.selectionSet]], root) : undefined;
  return object && ((answers) => projectObject(object, answers));
}

/** Selection sets that count as one: those of fields, or fragments, that were written more than once side by side. */
type Siblings = readonly SelectionSetNode[];

/**
 * Reads an operation as the gateway does: what is written twice in one selection set is first put together where it was
 * written first, fragments too, and only then are fragments opened. GraphQL's own order of keys is another one where a
 * field and a fragment are both written twice.
 */
class ProjectionReader {
  readonly #fragments: Readonly<Record<string, FragmentDefinitionNode>>;

  constructor(fragments: Readonly<Record<string, FragmentDefinitionNode>>) {
    this.#fragments = fragments;
  }

  objectOf(selections: readonly Siblings[], type: GraphQLObjectType): ObjectProjection | undefined {
    const found = new Map<string, FoundField>();
    if (!selections.every((siblings) => this.#collect(siblings, type, found))) return undefined;
    const fields = [...found].map(([key, field]) => this.#fieldOf(key, field, type));
    return fields.every((field) => field !== undefined) ? { typeName: type.name, fields } : undefined;
  }

  #collect(siblings: Siblings, type: GraphQLObjectType, found: Map<string, FoundField>): boolean {
    const nodes = siblings.flatMap(({ selections }) => selections);
    if (nodes.some(({ directives }) => directives?.length)) return false;
    return [...Map.groupBy(nodes, identityOf).values()].every((equal) => {
      const [node] = equal as [SelectionNode, ...SelectionNode[]];
      if (node.kind !== Kind.FIELD) return this.#collectFragment(node, setsOf(equal), type, found);
      const key = responseKey(node);
      const field = found.get(key) ?? { name: node.name.value, selections: [] };
      found.set(key, field);
      const inner = setsOf(equal);
      if (inner.length > 0) field.selections.push(inner);
      return true;
    });
  }

  #collectFragment(
    node: FragmentSpreadNode | InlineFragmentNode,
    inner: Siblings,
    type: GraphQLObjectType,
    found: Map<string, FoundField>,
  ): boolean {
    const spread = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments[node.name.value] : undefined;
    const { typeCondition, directives } = (spread ?? node) as FragmentDefinitionNode | InlineFragmentNode;
    if (directives?.length || (typeCondition && typeCondition.name.value !== type.name)) return false;
    return this.#collect(spread ? [spread.selectionSet] : inner, type, found);
  }

  #fieldOf(key: string, { name, selections }: FoundField, type: GraphQLObjectType): FieldProjection | undefined {
    if (key in Object.prototype) return undefined;
    const leaf = { key, isTypeName: name === '__typename', object: undefined };
    if (leaf.isTypeName) return leaf;
    const field = type.getFields()[name];
    if (!field) return undefined;
    if (selections.length === 0) return leaf;
    const innerType = getNamedType(field.type);
    const object = isObjectType(innerType) ? this.objectOf(selections, innerType) : undefined;
    return object && { ...leaf, object };
  }
}

interface FoundField {
  readonly name: string;
  readonly selections: Siblings[];
}

/** What is equal in it is one selection to the gateway. */
function identityOf(node: SelectionNode): string {
  if (node.kind === Kind.FIELD) return responseKey(node);
  return node.kind === Kind.FRAGMENT_SPREAD
    ? `...${node.name.value}`
    : `... on ${node.typeCondition?.name.value ?? ''}`;
}

const setsOf = (nodes: readonly SelectionNode[]): SelectionSetNode[] =>
  nodes.flatMap((node) => ('selectionSet' in node && node.selectionSet) || []);

type JsonObject = Record<string, unknown>;

function projectObject({ typeName, fields }: ObjectProjection, sources: readonly JsonObject[]): JsonObject {
  // The gateway looks at it even where the client did not ask for it.
  checkTypeName(typeName, '__typename', sources);
  const object: JsonObject = {};
  for (const field of fields) {
    if (field.isTypeName) checkTypeName(typeName, field.key, sources);
    object[field.key] = field.isTypeName ? typeName : projectField(field, sources);
  }
  return object;
}

/** A source need not be asked for what the schema knows; one that says so must say the same. */
function checkTypeName(typeName: string, key: string, sources: readonly JsonObject[]): void {
  for (const source of sources)
    if (source[key] !== undefined && source[key] !== typeName)
      throw new IrregularAnswerError('an object of another type');
}

function projectField({ key, object }: FieldProjection, sources: readonly JsonObject[]): unknown {
  const [only] = sources;
  if (sources.length === 1) return projectValue(object, only![key]);
  const values: unknown[] = [];
  for (const source of sources) if (source[key] !== undefined) values.push(source[key]);
  return values.length > 1 && object ? projectShared(object, values) : projectValue(object, values[0]);
}

/** A value that one source alone gave. */
function projectValue(object: ObjectProjection | undefined, value: unknown): unknown {
  if (value === undefined) throw new IrregularAnswerError('a requested key is absent');
  if (!object || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => projectValue(object, item));
  return projectObject(object, [value as JsonObject]);
}

/** An object, or a list of them, to which several sources gave their part: the person, or the people. */
function projectShared(object: ObjectProjection, values: readonly unknown[]): unknown {
  const [first] = values;
  if (Array.isArray(first)) {
    const lists = values as readonly unknown[][];
    if (!lists.every((list) => Array.isArray(list) && list.length === first.length)) {
      throw new IrregularAnswerError('lists of one field differ in length');
    }
    return first.map((_, index) => projectShared(object, lists.map((list) => list[index]))); // prettier-ignore
  }
  if (!values.every((value) => typeof value === 'object' && value !== null && !Array.isArray(value))) {
    throw new IrregularAnswerError('the sources of one field do not agree');
  }
  return projectObject(object, values as JsonObject[]);
}
