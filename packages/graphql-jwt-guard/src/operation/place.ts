import {
  isAbstractType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type SelectionSetNode,
} from 'graphql';
import { isIncluded } from '../directives/conditions.ts';
import { mergeDenials, type Denial } from '../directives/denial.ts';
import type { FilterInput, SelectionFilter } from './filter-selections.ts';
import { returnedComposite } from './supergraph-rules.ts';

/** A selection set, and the type on which it selects. */
interface Part {
  readonly set: SelectionSetNode;
  readonly type: GraphQLCompositeType;
}

/** What an operation asks for under one response key, whatever the types of the objects. */
export interface PlaceField {
  /** Undefined when nothing that is written there is denied itself. */
  readonly denial: Denial | undefined;
  /** Undefined when nothing under it is denied. */
  readonly inner: Place | undefined;
}

/** What an object of one type has under one response key. */
interface ObjectField {
  readonly type: GraphQLOutputType;
  readonly isTypename: boolean;
  readonly inner: Place | undefined;
}

interface SelectedField {
  readonly key: string;
  readonly node: FieldNode;
  readonly parent: GraphQLCompositeType;
}

/** What filtering knows, for the places of the answer. */
export interface FilterResult {
  readonly input: FilterInput;
  readonly filter: SelectionFilter;
}

/**
 * One place of an answer, by response keys and without list indices, of which the filter took something out. It reads
 * the document as the client wrote it, when it is asked, once.
 */
export class Place {
  readonly #result: FilterResult;
  readonly #parts: readonly Part[];
  #fields: ReadonlyMap<string, PlaceField> | undefined;
  readonly #byType = new Map<string, ReadonlyMap<string, ObjectField>>();

  constructor(result: FilterResult, parts: readonly Part[]) {
    this.#result = result;
    this.#parts = parts;
  }

  /** The one type that an object has here; undefined when its data must tell. */
  get objectType(): GraphQLObjectType | undefined {
    const types = new Set(this.#parts.map(({ type }) => type));
    return [...types].find((type) => isObjectType(type));
  }

  /** The type that an object says it has; undefined for a text that is no object type. */
  typeNamed(name: unknown): GraphQLObjectType | undefined {
    const type = typeof name === 'string' ? this.#result.input.rules.schema.getType(name) : undefined;
    return isObjectType(type) ? type : undefined;
  }

  get hasDenied(): boolean {
    return this.#parts.some(({ set }) => this.#result.filter.denied.has(set));
  }

  get fields(): ReadonlyMap<string, PlaceField> {
    return (this.#fields ??= this.#readFields());
  }

  /** The fields that an object of this type has here, in the order of the operation. */
  fieldsOf(type: GraphQLObjectType): ReadonlyMap<string, ObjectField> {
    let fields = this.#byType.get(type.name);
    if (!fields) this.#byType.set(type.name, (fields = this.#readFieldsOf(type)));
    return fields;
  }

  #readFields(): Map<string, PlaceField> {
    const { rules, denialOf } = this.#result.input;
    const entries = new Map<string, { denials: Denial[]; parts: Part[] }>();
    for (const { key, node, parent } of this.#select()) {
      const entry = entries.get(key) ?? { denials: [], parts: [] };
      entries.set(key, entry);
      const rule = rules.ruleOf(parent, node.name.value);
      const denial = rule && denialOf(rule);
      if (denial) entry.denials.push(denial);
      else entry.parts.push(...partsOf(node, parent));
    }
    return new Map(
      [...entries].map(([key, { denials, parts }]) => [
        key,
        { denial: mergeDenials(denials), inner: this.#innerOf(parts) },
      ]),
    );
  }

  #readFieldsOf(type: GraphQLObjectType): Map<string, ObjectField> {
    const entries = new Map<string, { type: GraphQLOutputType | undefined; isTypename: boolean; parts: Part[] }>();
    for (const { key, node } of this.#select(type)) {
      const name = node.name.value;
      const entry = entries.get(key) ?? { type: typeOf(type, name), isTypename: name === '__typename', parts: [] };
      entries.set(key, entry);
      entry.parts.push(...partsOf(node, type));
    }
    return new Map(
      [...entries].flatMap(([key, { type: fieldType, isTypename, parts }]) =>
        fieldType ? [[key, { type: fieldType, isTypename, inner: this.#innerOf(parts) }]] : [],
      ),
    );
  }

  #innerOf(parts: readonly Part[]): Place | undefined {
    const { changed } = this.#result.filter;
    return parts.some(({ set }) => changed.has(set)) ? new Place(this.#result, parts) : undefined;
  }

  /** @param type selects what an object of this type has; default: what any object may have */
  *#select(type?: GraphQLObjectType): Generator<SelectedField> {
    const { fragments, variables, rules } = this.#result.input;
    const visited = new Set<string>();
    const meets = (condition: GraphQLCompositeType): boolean =>
      type === undefined ||
      condition === type ||
      (isAbstractType(condition) && rules.schema.isSubType(condition, type));
    function* select({ set, type: parent }: Part): Generator<SelectedField> {
      for (const node of set.selections) {
        if (!isIncluded(node, variables)) continue;
        if (node.kind === Kind.FIELD) {
          yield { key: (node.alias ?? node.name).value, node, parent };
          continue;
        }
        const isSpread = node.kind === Kind.FRAGMENT_SPREAD;
        const fragment = isSpread ? fragments.get(node.name.value) : node;
        if (!fragment || (isSpread && visited.has(node.name.value))) continue;
        if (isSpread) visited.add(node.name.value);
        const condition = fragment.typeCondition && rules.schema.getType(fragment.typeCondition.name.value);
        const inner = (condition ?? parent) as GraphQLCompositeType;
        if (meets(inner)) yield* select({ set: fragment.selectionSet, type: inner });
      }
    }
    for (const part of this.#parts) yield* select(part);
  }
}

const META_FIELDS = [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef];

const typeOf = (type: GraphQLObjectType, fieldName: string): GraphQLOutputType | undefined =>
  (type.getFields()[fieldName] ?? META_FIELDS.find(({ name }) => name === fieldName))?.type;

function partsOf(node: FieldNode, parent: GraphQLCompositeType): Part[] {
  const type = returnedComposite(parent, node.name.value);
  return node.selectionSet && type ? [{ set: node.selectionSet, type }] : [];
}
