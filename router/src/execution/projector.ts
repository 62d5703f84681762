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
import { CheckedText } from './checked-text.ts';
import type { ValueShape } from './fetch-shape.ts';
import type { JsonObject } from './json-object.ts';

/** An answer does not have the plain form that a projector expects. The projector did not change it. */
export class IrregularAnswerError extends Error {}

/**
 * Merges the checked answers of several subgraphs into the client's data. The keys have the order of the client's
 * operation. The answers stay unchanged; the data has their own objects where these have the form already.
 *
 * @throws IrregularAnswerError
 */
export type Projector = (answers: readonly Record<string, unknown>[]) => Record<string, unknown>;

interface ObjectProjection {
  /** The only possible type of the object. */
  readonly typeName: string;
  readonly fields: readonly FieldProjection[];
  /** The last shape that the text of a value had, and whether it is this form. Of a field one fetch has the value. */
  compared?: { readonly shape: ValueShape; readonly isSame: boolean };
}

interface FieldProjection {
  readonly key: string;
  readonly isTypeName: boolean;
  /** Undefined for a leaf. */
  readonly object: ObjectProjection | undefined;
}

/**
 * @returns undefined for an operation that only the gateway's own executor can project: one with conditions,
 *   introspection, abstract types, or an alias that every JavaScript object inherits, such as `__proto__` and
 *   `constructor`
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

/** Selection sets that count as one: those of a field or fragment that a selection set repeats. */
type Siblings = readonly SelectionSetNode[];

/**
 * Reads an operation in the gateway's order of keys. The gateway first merges repeated fields and fragments of a
 * selection set, at the place of the first one. It opens fragments after that. The GraphQL specification has another
 * order if a selection set repeats both a field and a fragment.
 */
class ProjectionReader {
  readonly #fragments: Readonly<Record<string, FragmentDefinitionNode>>;

  constructor(fragments: Readonly<Record<string, FragmentDefinitionNode>>) {
    this.#fragments = fragments;
  }

  objectOf(selections: readonly Siblings[], type: GraphQLObjectType): ObjectProjection | undefined {
    const fieldsByKey = new Map<string, CollectedField>();
    if (!selections.every((siblings) => this.#collect(siblings, type, fieldsByKey))) return undefined;
    const fields = [...fieldsByKey].map(([key, field]) => this.#fieldOf(key, field, type));
    return fields.every((field) => field !== undefined) ? { typeName: type.name, fields } : undefined;
  }

  /** @returns false if only the gateway's own executor can project the selection */
  #collect(siblings: Siblings, type: GraphQLObjectType, fieldsByKey: Map<string, CollectedField>): boolean {
    const nodes = siblings.flatMap(({ selections }) => selections);
    if (nodes.some(({ directives }) => directives?.length)) return false;
    return [...Map.groupBy(nodes, identityOf).values()].every((sameNodes) => {
      const [node] = sameNodes as [SelectionNode, ...SelectionNode[]];
      if (node.kind !== Kind.FIELD) return this.#collectFragment(node, selectionSetsOf(sameNodes), type, fieldsByKey);
      const key = responseKey(node);
      const field = fieldsByKey.get(key) ?? { name: node.name.value, selections: [] };
      fieldsByKey.set(key, field);
      const inner = selectionSetsOf(sameNodes);
      if (inner.length > 0) field.selections.push(inner);
      return true;
    });
  }

  #collectFragment(
    node: FragmentSpreadNode | InlineFragmentNode,
    inner: Siblings,
    type: GraphQLObjectType,
    fieldsByKey: Map<string, CollectedField>,
  ): boolean {
    const spread = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments[node.name.value] : undefined;
    const { typeCondition, directives } = (spread ?? node) as FragmentDefinitionNode | InlineFragmentNode;
    if (directives?.length || (typeCondition && typeCondition.name.value !== type.name)) return false;
    return this.#collect(spread ? [spread.selectionSet] : inner, type, fieldsByKey);
  }

  #fieldOf(key: string, { name, selections }: CollectedField, type: GraphQLObjectType): FieldProjection | undefined {
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

interface CollectedField {
  readonly name: string;
  readonly selections: Siblings[];
}

/** The gateway merges selections of the same identity. */
function identityOf(node: SelectionNode): string {
  if (node.kind === Kind.FIELD) return responseKey(node);
  return node.kind === Kind.FRAGMENT_SPREAD
    ? `...${node.name.value}`
    : `... on ${node.typeCondition?.name.value ?? ''}`;
}

const selectionSetsOf = (nodes: readonly SelectionNode[]): SelectionSetNode[] =>
  nodes.flatMap((node) => ('selectionSet' in node && node.selectionSet) || []);

function projectObject({ typeName, fields }: ObjectProjection, parts: readonly JsonObject[]): JsonObject {
  // The gateway checks it even if the client did not request it.
  checkTypeName(typeName, '__typename', parts);
  const object: JsonObject = {};
  for (const field of fields) {
    if (field.isTypeName) checkTypeName(typeName, field.key, parts);
    object[field.key] = field.isTypeName ? typeName : projectField(field, parts);
  }
  return object;
}

/** The schema gives the type. A part may lack it, but must not name another type. */
function checkTypeName(typeName: string, key: string, parts: readonly JsonObject[]): void {
  for (const part of parts) requireTypeName(typeName, part[key]);
}

function requireTypeName(typeName: string, value: unknown): void {
  if (value !== undefined && value !== typeName) throw new IrregularAnswerError('an object has another type');
}

/** @param parts what each answer holds of the object that has the field */
function projectField({ key, object }: FieldProjection, parts: readonly JsonObject[]): unknown {
  const [firstPart] = parts;
  if (parts.length === 1) return projectValue(object, firstPart![key]);
  const values: unknown[] = [];
  for (const part of parts) if (part[key] !== undefined) values.push(part[key]);
  return values.length > 1 && object ? projectShared(object, values.map(withoutText)) : projectValue(object, values[0]);
}

/** Projects a value that one answer alone holds. What has the client's form already stays the object that it is. */
function projectValue(object: ObjectProjection | undefined, value: unknown): unknown {
  if (value === undefined) throw new IrregularAnswerError('a requested key is absent');
  if (!object || value === null) return value;
  if (value instanceof CheckedText) return isInForm(object, value.shape) ? value : projectValue(object, value.parse());
  return Array.isArray(value) ? projectList(object, value) : projectAlone(object, value as JsonObject);
}

/** What several answers have a part of must be joined. */
const withoutText = (value: unknown): unknown => (value instanceof CheckedText ? value.parse() : value);

function isInForm(object: ObjectProjection, shape: ValueShape): boolean {
  if (object.compared?.shape !== shape) object.compared = { shape, isSame: hasForm(object, shape) };
  return object.compared.isSame;
}

/** Whether a value of the shape has the keys of the projection, everywhere and in its order. */
function hasForm(object: ObjectProjection | undefined, shape: ValueShape): boolean {
  if (shape.kind === 'list') return hasForm(object, shape.item);
  if (!object || shape.kind === 'leaf') return !object && shape.kind === 'leaf';
  const { fields } = shape.object;
  return (
    fields.length === object.fields.length &&
    object.fields.every(
      ({ key, object: inner }, index) => fields[index]!.key === key && hasForm(inner, fields[index]!.value),
    )
  );
}

function projectList(object: ObjectProjection, items: readonly unknown[]): readonly unknown[] {
  let changed: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = projectValue(object, items[index]);
    if (item !== items[index]) (changed ??= [...items])[index] = item;
  }
  return changed ?? items;
}

function projectAlone(object: ObjectProjection, value: JsonObject): JsonObject {
  if (!hasKeysInOrder(object, value)) return projectObject(object, [value]);
  let changed: JsonObject | undefined;
  for (const { key, isTypeName, object: inner } of object.fields) {
    const field = value[key];
    if (isTypeName) requireTypeName(object.typeName, field);
    const projected = projectValue(inner, field);
    if (projected !== field) (changed ??= { ...value })[key] = projected;
  }
  return changed ?? value;
}

/** Whether an object has the keys of the projection and no others, in its order. */
function hasKeysInOrder({ fields }: ObjectProjection, value: JsonObject): boolean {
  let count = 0;
  for (const key in value) {
    if (fields[count]?.key !== key) return false;
    count++;
  }
  return count === fields.length;
}

/** Projects a person, or a list of people, of whom several answers hold a part. */
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
    throw new IrregularAnswerError('the parts of one field have different kinds');
  }
  return projectObject(object, values as JsonObject[]);
}
